import { setFlagsFromString } from 'node:v8';

/** What V8 is set to, by the name of its flag. */
const SETTINGS: Readonly<Record<string, number>> = {
  /**
   * Percent beyond what lives in the old generation that it may hold before V8 collects it. Bodies that pass through lie
   * outside the heap, but count towards its limit until the next collection of young objects; after idle time V8 sets that
   * limit so low that they alone reach it again and again, as much as 20 times a second.
   */
  'heap-growing-percent': 200,
  /**
   * Bytecodes that one compiled function may take in from those it calls, twice of what V8 does; and at most so many of
   * one. A message goes through many short methods: each that is not called but taken in costs nothing to call.
   */
  'max-inlined-bytecode-size-cumulative': 1800,
  'max-inlined-bytecode-size': 1000,
};

/** Sets V8 up for a program that passes messages through pipelines. What Node.js was started with counts instead. */
export function setUpV8(setFlag = setFlagsFromString, options: readonly string[] = process.execArgv): void {
  for (const [name, value] of Object.entries(SETTINGS)) {
    if (!options.some((option) => nameOf(option) === name)) setFlag(`--${name}=${value}`);
  }
}

/** V8 takes `_` for `-` in the name of a flag. */
function nameOf(option: string): string {
  return option.replace(/^-+/, '').replace(/=.*/s, '').replaceAll('_', '-');
}
