import 'reflect-metadata/lite';
import { declareMessages } from '@sluice/core';
import type { HandlerClass, MessageType } from '@sluice/core';
import { injectable } from 'inversify';

export interface HandlerOptions {
  /** The handler's name in the pipeline, in logs, metrics and docs. Unique in a list. */
  readonly name: string;
  /** One instance for every channel of every list: only for a handler that keeps no state of a channel. Default: false. */
  readonly sharable?: boolean;
  /** Handlers that must come earlier in any list that has them. */
  readonly after?: readonly HandlerClass[];
  /** Handlers that must come later in any list that has them. */
  readonly before?: readonly HandlerClass[];
  /**
   * The messages that it takes for itself, to consume them or to fire others in their place: for `explain`, and for the log to
   * name it when one of them has reached the end of a pipeline unread. What it looks at and passes on is none of them.
   */
  readonly reads?: readonly MessageType[];
  /** What it fires in the place of what it reads. */
  readonly fires?: readonly MessageType[];
  /** Handlers without which a list that has this one is wrong. They must come earlier. */
  readonly requires?: readonly HandlerClass[];
}

const HANDLER = Symbol.for('@sluice/inject:handler');

/** Makes a class a channel handler that a declared list can name, with its place relative to others. */
export function Handler(options: HandlerOptions) {
  return (handler: HandlerClass): void => {
    injectable(options.sharable ? 'Singleton' : 'Transient')(handler);
    Reflect.defineMetadata(HANDLER, options, handler);
    const { reads = [], fires = [] } = options;
    if (reads.length > 0) declareMessages(handler, { reads, fires });
  };
}

/** Whether a value, such as an export of a plugin, is a class with `@Handler`. */
export function isHandlerClass(value: unknown): value is HandlerClass {
  return typeof value === 'function' && Reflect.hasOwnMetadata(HANDLER, value);
}

/** What the decorator of a class says; for a class without one, its class name. */
export function handlerOptions(handler: HandlerClass): HandlerOptions {
  const options = Reflect.getOwnMetadata(HANDLER, handler) as HandlerOptions | undefined;
  return options ?? { name: handler.name };
}
