import type { HandlerClass } from '@sluice/core';
import { handlerOptions } from './handler.ts';

/** Handlers of a list of which each must come before the next, and the last before the first. Undefined when there are none. */
export function findHandlerCycle(list: readonly HandlerClass[]): readonly HandlerClass[] | undefined {
  const done = new Set<HandlerClass>();
  const search = (
    handler: HandlerClass,
    path: readonly HandlerClass[],
  ): readonly HandlerClass[] | undefined => {
    const start = path.indexOf(handler);
    if (start >= 0) return path.slice(start);
    if (done.has(handler)) return undefined;
    for (const later of laterThan(handler, list)) {
      const cycle = search(later, [...path, handler]);
      if (cycle !== undefined) return cycle;
    }
    done.add(handler);
    return undefined;
  };
  for (const handler of list) {
    const cycle = search(handler, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function laterThan(handler: HandlerClass, list: readonly HandlerClass[]): readonly HandlerClass[] {
  const { before = [] } = handlerOptions(handler);
  return list.filter((other) => {
    const { after = [], requires = [] } = handlerOptions(other);
    return before.includes(other) || after.includes(handler) || requires.includes(handler);
  });
}
