import { SluiceError } from '@sluice/core';
import type { HandlerClass } from '@sluice/core';
import { handlerOptions } from './handler.ts';

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
  for (const at of list.keys()) {
    const fault = duplicateAt(list, at) ?? missingAt(list, at) ?? misplacedAt(list, at);
    if (fault !== undefined) throw new HandlerListError(fault, list, at);
  }
}

function duplicateAt(list: readonly HandlerClass[], at: number): string | undefined {
  const handler = list[at];
  if (handler === undefined) return undefined;
  if (list.indexOf(handler) !== at) return `${handler.name} is listed twice.`;
  const { name } = handlerOptions(handler);
  const other = list.slice(0, at).find((earlier) => handlerOptions(earlier).name === name);
  return other && `${handler.name} has the name of ${other.name}, "${name}". Give it another.`;
}

function missingAt(list: readonly HandlerClass[], at: number): string | undefined {
  const handler = list[at];
  const missing = handler && handlerOptions(handler).requires?.find((needed) => !list.includes(needed));
  return missing && `${handler.name} needs ${missing.name} before it. Add it to the list.`;
}

function misplacedAt(list: readonly HandlerClass[], at: number): string | undefined {
  const handler = list[at];
  if (handler === undefined) return undefined;
  const { after = [], before = [], requires = [] } = handlerOptions(handler);
  const earlier = [...after, ...requires].find((other) => list.indexOf(other) > at);
  if (earlier) return `${handler.name} must come after ${earlier.name}. Move ${earlier.name} up.`;
  const later = before.find((other) => list.slice(0, at).includes(other));
  return later && `${handler.name} must come before ${later.name}. Move ${handler.name} up.`;
}
