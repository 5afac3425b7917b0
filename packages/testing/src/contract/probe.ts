import { HANDLER_METHODS } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext, ChannelPromise, HandlerMethod } from '@sluice/core';

/** What passed a probe: the event or operation, and the message, event or error that it carried. */
export interface Passed {
  readonly method: HandlerMethod;
  readonly subject: unknown;
}

type Arguments = readonly [ctx: ChannelHandlerContext, ...rest: unknown[]];

/** Stands on one side of the handler under test and notes all that passes there. */
export class Probe implements ChannelHandler {
  readonly passed: Passed[] = [];
  /** Called with each event and operation before it goes on from here. */
  onPassed: ((method: HandlerMethod) => void) | undefined = undefined;
  #ctx: ChannelHandlerContext | undefined = undefined;

  /** `isEnd`: operations end here, so that they have no effect on the channel. */
  constructor(isEnd: boolean) {
    const methods = this as unknown as Record<HandlerMethod, (...args: Arguments) => void>;
    for (const method of HANDLER_METHODS) {
      methods[method] = (...args) => {
        this.passed.push({ method, subject: args[1] });
        this.onPassed?.(method);
        if (isEnd && isOperation(method)) promiseAmong(args)?.trySuccess();
        else passOn(method, args);
      };
    }
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    this.#ctx = ctx;
  }

  /** Its place in the pipeline. Throws before it has one. */
  get ctx(): ChannelHandlerContext {
    if (this.#ctx === undefined) throw new Error('The probe is in no pipeline.');
    return this.#ctx;
  }

  /** How often an event or operation has passed, with this subject if one is given. */
  count(method: HandlerMethod, subject?: unknown): number {
    return this.passed.filter(
      (passed) => passed.method === method && (subject === undefined || passed.subject === subject),
    ).length;
  }
}

const FIRST_OPERATION = HANDLER_METHODS.indexOf('bind');

export function isOperation(method: HandlerMethod): boolean {
  return HANDLER_METHODS.indexOf(method) >= FIRST_OPERATION;
}

function passOn(method: HandlerMethod, [ctx, ...rest]: Arguments): void {
  const methods = ctx as unknown as Record<string, (...args: unknown[]) => void>;
  methods[passingMethod(method)]?.(...rest);
}

/** The method of a context that passes an event or operation on. */
export function passingMethod(method: HandlerMethod): string {
  return isOperation(method) ? method : `fire${method[0]?.toUpperCase()}${method.slice(1)}`;
}

function promiseAmong(args: Arguments): ChannelPromise | undefined {
  const last = args.at(-1);
  return typeof last === 'object' && last !== null && 'trySuccess' in last
    ? (last as ChannelPromise)
    : undefined;
}
