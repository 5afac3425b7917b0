/** The name that was probably meant: the one that differs in the fewest letters, or the only one that begins so; undefined when there is none. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const [best] = names.toSorted((a, b) => distance(name, a) - distance(name, b));
  if (best !== undefined && isNear(name, best)) return best;
  const [longer, ...others] = name.length < 3 ? [] : names.filter((each) => each.startsWith(name));
  return others.length === 0 ? longer : undefined;
}

/** A hint at the name that was probably meant, or at all there are; empty when there are none. For the end of a message. */
export function nearest(name: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const best = nearestName(name, names);
  return best === undefined ? ` There is: ${names.join(', ')}.` : ` Did you mean "${best}"?`;
}

// At least one letter must be the same, or every short word is near.
function isNear(name: string, best: string): boolean {
  const changes = distance(name, best);
  return changes <= Math.max(2, name.length / 3) && changes < Math.max(name.length, best.length);
}

/** How many letters must be put in, taken out or changed to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
