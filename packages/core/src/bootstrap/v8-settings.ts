import { setFlagsFromString } from 'node:v8';

/** What V8 is set to, by the name of its flag. */
const SETTINGS: Readonly<Record<string, number | false>> = {
  /**
   * Whether objects are made in the old generation where earlier ones from the same place in the code lived long. How long they
   * live is up to the clients: with connections that are kept most are old soon, and when clients then open one for each request,
   * everything that each of them had stays until the next full collection, because some of it was made in the old generation.
   */
  'allocation-site-pretenuring': false,
  /**
   * Percent beyond what lives in the old generation that it may hold before V8 collects it. Bodies that pass through lie
   * outside the heap, but count towards its limit until the next collection of young objects; after idle time V8 sets that
   * limit so low that they alone reach it again and again, as much as 20 times a second.
   */
  'heap-growing-percent': 200,
  /**
   * Bytecodes that one compiled function may take in of all that it calls, where V8 takes 920. A message goes through many
   * short methods: each that is not called but taken in costs nothing to call.
   */
  'max-inlined-bytecode-size-cumulative': 1800,
  /** Bytecodes of one function that may be taken in, where V8 takes 460. */
  'max-inlined-bytecode-size': 1000,
  /**
   * Whether `super()` looks for a constructor that does something, past those that do not. Where it does, none is taken in
   * by the function that makes the object, and a message, a content and a promise each cost two calls more.
   */
  'omit-default-ctors': false,
  /**
   * Whether threads of their own help to collect young objects. What lives of them here is little, 0.3 ms of work for the thread
   * that asks; where all share one CPU it is made to wait for them, 10 ms and more.
   */
  'parallel-scavenge': false,
};

/**
 * Sets V8 up for a process that passes messages through pipelines. It is for the program to call, before it starts to listen,
 * since it changes the whole process: functions are compiled with more of what they call, the heap grows further between
 * full collections, every object is young at first, and one thread collects the young ones. A flag that Node.js was started
 * with stays as it is. The command `sluice` calls it by itself.
 */
export function setUpV8(): void {
  for (const flag of v8Flags(process.execArgv)) setFlagsFromString(flag);
}

/** The flags that are set where Node.js was started with these options. */
export function v8Flags(options: readonly string[]): readonly string[] {
  const given = new Set(options.map(nameOf));
  return Object.entries(SETTINGS)
    .filter(([name]) => !given.has(name))
    .map(([name, value]) => (value === false ? `--no-${name}` : `--${name}=${value}`));
}

/** V8 takes `_` for `-` in the name of a flag, and `no-` before one that is on or off. */
function nameOf(option: string): string {
  return option.replace(/^-+/, '').replace(/=.*/s, '').replaceAll('_', '-').replace(/^no-/, '');
}
