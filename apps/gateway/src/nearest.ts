/** A hint at the name that was probably meant, or at all there are; empty when there are none. */
export function nearest(name: string, names: readonly string[]): string {
  const [best] = names.toSorted((a, b) => distance(name, a) - distance(name, b));
  if (best === undefined) return '';
  return distance(name, best) <= Math.max(2, name.length / 3)
    ? ` Did you mean "${best}"?`
    : ` There is: ${names.join(', ')}.`;
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
