import { SluiceError } from '@sluice/core';
import { handlerOptions } from './handler.ts';
import type { HandlerClass } from './handler.ts';

/** A declared handler list can't work. The message shows the list, and the place of the fault. */
export class HandlerListError extends SluiceError {
  override readonly name = 'HandlerListError';

  constructor(what: string, list: readonly HandlerClass[], at: number) {
    const lines = list.map((handler, index) => `${index === at ? '  → ' : '    '}${handler.name}`);
    super('SLUICE_HANDLER_LIST', `${what}\n${lines.join('\n')}`);
  }
}

/** Throws a {@link HandlerListError} unless every handler stands where its decorator says it must. */
export function checkHandlerList(list: readonly HandlerClass[]): void {
  for (const [at, handler] of list.entries()) {
    const { after = [], before = [], requires = [] } = handlerOptions(handler);
    if (list.indexOf(handler) !== at)
      throw new HandlerListError(`${handler.name} is listed twice.`, list, at);
    for (const needed of requires) {
      if (!list.includes(needed)) {
        throw new HandlerListError(
          `${handler.name} needs ${needed.name} before it. Add it to the list.`,
          list,
          at,
        );
      }
    }
    for (const earlier of [...after, ...requires]) {
      if (list.indexOf(earlier) > at) {
        throw new HandlerListError(
          `${handler.name} must come after ${earlier.name}. Move ${earlier.name} up.`,
          list,
          at,
        );
      }
    }
    for (const later of before) {
      const place = list.indexOf(later);
      if (place >= 0 && place < at) {
        throw new HandlerListError(
          `${handler.name} must come before ${later.name}. Move ${handler.name} up.`,
          list,
          at,
        );
      }
    }
  }
}
