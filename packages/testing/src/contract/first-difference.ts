/** Where two transcripts part, or undefined when they are the same. */
export function firstDifference(
  first: readonly string[],
  second: readonly string[],
): { readonly first: string; readonly second: string } | undefined {
  const length = Math.max(first.length, second.length);
  for (let at = 0; at < length; at++) {
    if (first[at] !== second[at]) return { first: quote(first[at]), second: quote(second[at]) };
  }
  return undefined;
}

function quote(line: string | undefined): string {
  return line === undefined ? 'nothing' : JSON.stringify(line);
}
