import 'reflect-metadata';
import type { HandlerClass } from '@sluice/core';
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
  /** Handlers without which a list that has this one is wrong. They must come earlier. */
  readonly requires?: readonly HandlerClass[];
}

const HANDLER = Symbol.for('@sluice/inject:handler');

/** Makes a class a channel handler that a declared list can name, with its place relative to others. */
export function Handler(options: HandlerOptions) {
  return (handler: HandlerClass): void => {
    injectable(options.sharable ? 'Singleton' : 'Transient')(handler);
    Reflect.defineMetadata(HANDLER, options, handler);
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
