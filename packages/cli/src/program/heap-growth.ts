import { setFlagsFromString } from 'node:v8';

/** What the old generation may hold beyond what lives in it before V8 collects it, in percent of that. */
const GROWTH_PERCENT = 200;

/**
 * Has V8 wait with full collections until there is something to collect. Bodies that pass through lie outside the heap, but
 * count towards its limit until the next collection of young objects; after idle time V8 sets that limit so low that they alone
 * reach it again and again, as much as 20 times a second. An option of Node.js of the same name counts instead.
 */
export function letHeapGrow(
  setFlag = setFlagsFromString,
  options: readonly string[] = process.execArgv,
): void {
  if (options.some((option) => /heap[-_]growing[-_]percent/.test(option))) return;
  setFlag(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
