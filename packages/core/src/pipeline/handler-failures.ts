import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';

/** A handler has failed in an operation: its promise fails, if it has not completed it before. */
export function failOperation(
  { channel, name }: ChannelHandlerContext,
  promise: ChannelPromise,
  cause: unknown,
): void {
  if (promise.tryFailure(cause) || promise.isVoid) return;
  const fields = { err: cause, handler: name, channel: String(channel) };
  channel.logger.warn(fields, 'A handler threw after it had completed the promise of the operation.');
}

/** A handler has failed in `exceptionCaught`, while it handled another error: that goes nowhere but into the log. */
export function logSecond({ channel, name }: ChannelHandlerContext, cause: unknown, second: unknown): void {
  const fields = { err: cause, second, handler: name, channel: String(channel) };
  channel.logger.warn(fields, 'exceptionCaught() of a handler threw while it handled an error.');
}
