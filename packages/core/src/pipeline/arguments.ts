import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import { ChannelPipelineError } from '../errors.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';

/** Refuses null and undefined where something must be given. */
export function checkMessage(value: unknown, what: string): void {
  if (value === undefined || value === null)
    throw new TypeError(`The ${what} is missing (${String(value)}).`);
}

/**
 * Checks a promise given to `write`. Returns false when it was cancelled, so that the
 * operation is skipped; throws when it can't be used for this channel.
 */
export function checkPromise(ctx: ChannelHandlerContext, promise: ChannelPromise): boolean {
  if (promise.channel !== ctx.channel) {
    throw new ChannelPipelineError(
      `The promise belongs to ${String(promise.channel)}, not to ${String(ctx.channel)}.`,
    );
  }
  if (promise.isCancelled) return false;
  if (promise.isDone) throw new ChannelPipelineError('The promise given to an operation is done already.');
  if (promise === ctx.channel.closeFuture) {
    throw new ChannelPipelineError('The close future can not be used as the promise of an operation.');
  }
  return true;
}

/** As {@link checkPromise}, for the operations that need a promise of their own. */
export function isRequested(ctx: ChannelHandlerContext, promise: ChannelPromise): boolean {
  if (promise.isVoid)
    throw new ChannelPipelineError('The void promise is for write and writeAndFlush alone.');
  return checkPromise(ctx, promise);
}
