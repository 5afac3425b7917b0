import type { ChannelFuture, ChannelHandlerContext, ChannelPromise } from '@sluice/core';

/** One promise whose outcome completes both; undefined when nobody asks for either. */
export function joinPromises(
  ctx: ChannelHandlerContext,
  first: ChannelPromise | undefined,
  second: ChannelPromise | undefined,
): ChannelPromise | undefined {
  if (first === undefined) return second;
  if (second === undefined) return first;
  if (!first.isVoid) return first.addListener((future) => complete(second, future));
  return ctx.newPromise().addListener((future) => {
    complete(first, future);
    complete(second, future);
  });
}

function complete(promise: ChannelPromise, outcome: ChannelFuture): void {
  if (outcome.isSuccess) promise.trySuccess();
  else promise.tryFailure(outcome.cause);
}
