import { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';
import type { ChannelHandler } from './channel-handler.ts';
import { failOperation, logSecond } from './handler-failures.ts';

type Method = (this: ChannelHandler, ctx: ChannelHandlerContext, ...rest: readonly unknown[]) => unknown;

const AsyncFunction = (async () => {}).constructor;

/**
 * Nobody waits for what a method of a handler returns. So that the rejection of an `async` one is not
 * nobody's, which would end the process, it counts as what a method throws: an event's goes to
 * `exceptionCaught`, an operation's fails its promise.
 *
 * Methods are looked at once for each class; those that are not async stay as they are.
 */
export function contained<M>(method: M): M {
  if (!(method instanceof AsyncFunction)) return method;
  const asyncMethod = method as unknown as (...args: Parameters<Method>) => Promise<void>;
  const guarded: Method = function (ctx, ...rest) {
    asyncMethod.call(this, ctx, ...rest).catch((cause: unknown) => fail(ctx, rest.at(-1), cause));
  };
  return guarded as unknown as M;
}

/** As {@link contained}, for `exceptionCaught`: what that throws goes nowhere but into the log. */
export function containedLast<M>(method: M): M {
  if (!(method instanceof AsyncFunction)) return method;
  const asyncMethod = method as unknown as (...args: Parameters<Method>) => Promise<void>;
  const guarded: Method = function (ctx, cause) {
    asyncMethod.call(this, ctx, cause).catch((second: unknown) => logSecond(ctx, cause, second));
  };
  return guarded as unknown as M;
}

/** For what is called once, and so looked at when it has returned: `handlerAdded` and `handlerRemoved`. */
export function containOutcome(ctx: ChannelHandlerContext, outcome: unknown): void {
  if (!(outcome instanceof Promise)) return;
  outcome.catch((cause: unknown) => ctx.pipeline.fireExceptionCaught(cause));
}

function fail(ctx: ChannelHandlerContext, last: unknown, cause: unknown): void {
  if (last instanceof ChannelPromise) failOperation(ctx, last, cause);
  else ctx.invokeExceptionCaught(cause);
}
