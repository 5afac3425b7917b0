/** A line that a change took away or brought, with its number in the text that has it. */
export interface DiffLine {
  readonly sign: '-' | '+';
  readonly line: number;
  readonly text: string;
}

/** What a change took away and brought, line by line. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const common = lengthsOfCommonLines(old, fresh);
  const diff: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && old[i] === fresh[j]) [i, j] = [i + 1, j + 1];
    else if (i < old.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? -1))
      diff.push({ sign: '-', line: i + 1, text: old[i++] ?? '' });
    else diff.push({ sign: '+', line: j + 1, text: fresh[j++] ?? '' });
  }
  return diff;
}

/** For each pair of lines, how many lines the rest of both has in common. */
function lengthsOfCommonLines(old: readonly string[], fresh: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const [row, below] = [lengths[i], lengths[i + 1]];
      if (!row || !below) continue;
      row[j] = old[i] === fresh[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
