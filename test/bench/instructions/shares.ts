/** Parts of the profile that say nothing of the work for a request: the compiler and the collector run when they like. */
const COMPILER = /compiler::|interpreter::|Compil|Optimiz|Deopt|SourcePosition|Translat|_Rb_tree|Zone/;
const COLLECTOR = /Scaveng|Sweep|Mark|Evacuat|Heap|IterateObjectCache|RootVisitor|Pretenuring/;

/** What a function belongs to: a package of ours, or a part of Node.js. */
export function partOf(name: string): string {
  const ours = /\/packages\/([\w-]+)\//.exec(name)?.[1];
  if (ours !== undefined) return ours;
  if (name.includes('wasm')) return 'llhttp';
  if (name.startsWith('JS:')) return name.includes('node:') ? 'Node.js, JavaScript' : 'other JavaScript';
  if (name.startsWith('Builtins_')) return 'built-ins of V8';
  if (COMPILER.test(name)) return 'compiler';
  return COLLECTOR.test(name) ? 'collector' : 'Node.js and V8, native';
}

/** Whether a part is of the work for a request. */
export function isWork(part: string): boolean {
  return part !== 'compiler' && part !== 'collector';
}

/** Sums counts by what `keyOf` makes of their names, the largest first. */
export function sumBy(
  counts: ReadonlyMap<string, number>,
  keyOf: (name: string) => string,
): [string, number][] {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(keyOf(name), (sums.get(keyOf(name)) ?? 0) + count);
  return [...sums].toSorted(([, a], [, b]) => b - a);
}
