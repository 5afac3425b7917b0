/** Groups cases by their category, in the order in which the files name them. */
export function byCategory<T extends { readonly category: string }>(
  cases: readonly T[],
): readonly (readonly [category: string, cases: readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const testCase of cases) {
    const group = groups.get(testCase.category);
    if (group) group.push(testCase);
    else groups.set(testCase.category, [testCase]);
  }
  return [...groups];
}
