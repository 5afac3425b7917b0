import { HANDLER_METHODS } from '@sluice/core';
import type { HandlerClass, HandlerMethod } from '@sluice/core';
import type { Newable } from 'inversify';
import { handlerOptions } from './handler.ts';
import type { HandlerOptions } from './handler.ts';
import { injectedOptions } from './injected-options.ts';

/** What can be said of a handler class without making one: for `explain` and the docs. */
export interface HandlerDescription {
  readonly name: string;
  readonly className: string;
  readonly isSharable: boolean;
  /** The events that it listens to, from the transport to the tail. */
  readonly inbound: readonly HandlerMethod[];
  /** The operations that it listens to, from the tail to the transport. */
  readonly outbound: readonly HandlerMethod[];
  /** The classes of messages that it takes for itself, and of those that it fires in their place. */
  readonly reads: readonly string[];
  readonly fires: readonly string[];
  /** The classes that its constructor takes options as; their instances are the defaults. */
  readonly optionsClasses: readonly Newable[];
  /** The options with their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The classes that must come before it. */
  readonly after: readonly string[];
}

const FIRST_OPERATION = HANDLER_METHODS.indexOf('bind');

export function describeHandler(handler: HandlerClass): HandlerDescription {
  const { name, sharable = false, after = [], requires = [], ...messages } = handlerOptions(handler);
  const prototype = handler.prototype as object;
  const has = (method: HandlerMethod): boolean => method in prototype;
  const optionsClasses = injectedOptions(handler as Newable);
  return {
    name,
    className: handler.name,
    isSharable: sharable,
    inbound: HANDLER_METHODS.slice(0, FIRST_OPERATION).filter(has),
    outbound: HANDLER_METHODS.slice(FIRST_OPERATION).filter(has),
    reads: namesOf(messages.reads),
    fires: namesOf(messages.fires),
    optionsClasses,
    options: Object.assign({}, ...optionsClasses.map((type) => new type() as object)) as Record<
      string,
      unknown
    >,
    after: [...requires, ...after].map((other) => other.name),
  };
}

function namesOf(types: HandlerOptions['reads'] = []): readonly string[] {
  return types.map(({ name }) => name);
}
