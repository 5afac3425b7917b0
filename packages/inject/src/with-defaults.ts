import type { Newable } from 'inversify';

/**
 * The options of a class, with its defaults for what is left out. An instance of the class is given
 * back as it is, so that the handlers of all channels share the one that was injected.
 */
export function withDefaults<Options extends object>(
  type: Newable<Options, []>,
  options: Partial<Options>,
): Options {
  return options instanceof type ? options : Object.assign(new type(), options);
}
