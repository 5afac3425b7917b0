import { SluiceError } from '@sluice/core';
import type { HandlerClass } from '@sluice/core';
import { inspect } from 'node:util';
import { findHandlerCycle } from './handler-cycle.ts';
import { handlerOptions } from './handler.ts';

/** A declared handler list can't work. The message shows the list, and the place of the fault. */
export class HandlerListError extends SluiceError {
  override readonly name = 'HandlerListError';

  /** `listName` is what the message calls the list; without one it calls it nothing. */
  constructor(what: string, list: readonly HandlerClass[], at: number, listName?: string) {
    const lines = list.map((handler, index) => `${index === at ? '  → ' : '    '}${nameOf(handler)}`);
    const where = listName === undefined ? '' : `${listName}: `;
    super('SLUICE_HANDLER_LIST', `${where}${what}\n${lines.join('\n')}`);
  }
}

/** Throws a {@link HandlerListError} unless every handler stands where its decorator says it must. */
export function checkHandlerList(list: readonly HandlerClass[], listName?: string): void {
  const check = (faultAt: (list: readonly HandlerClass[], at: number) => string | undefined): void => {
    for (const at of list.keys()) {
      const fault = faultAt(list, at);
      if (fault !== undefined) throw new HandlerListError(fault, list, at, listName);
    }
  };
  check(otherThanClassAt);
  requireNoCycle(list, listName);
  check((handlers, at) => duplicateAt(handlers, at) ?? missingAt(handlers, at) ?? misplacedAt(handlers, at));
}

/** Moving handlers would not help: the relations contradict each other. */
function requireNoCycle(list: readonly HandlerClass[], listName: string | undefined): void {
  const cycle = findHandlerCycle(list);
  const [first] = cycle ?? [];
  if (cycle === undefined || first === undefined) return;
  const names = [...cycle, first].map(({ name }) => name).join(' → ');
  const what = `each of these must come before the next: ${names}. Take one of the relations away.`;
  throw new HandlerListError(what, list, list.indexOf(first), listName);
}

// The compiler has refused these, unless the list was made at run time or modules import each other.
function otherThanClassAt(list: readonly unknown[], at: number): string | undefined {
  const entry = list[at];
  if (typeof entry === 'function') return undefined;
  if (entry === undefined) {
    return `entry ${at + 1} is undefined. Look for modules that import each other: one of them was not there yet.`;
  }
  const isObject = typeof entry === 'object' && entry !== null;
  return isObject
    ? `entry ${at + 1} is an instance. List the class; what its constructor takes is injected.`
    : `entry ${at + 1} is no class of handlers.`;
}

function nameOf(entry: unknown): string {
  return typeof entry === 'function' ? entry.name : inspect(entry, { depth: -1 });
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
