import type { Channel, ChannelFuture } from '@sluice/core';

/**
 * Sends what was flushed and then a close_notify. The future is done when both are sent, have
 * failed, or took longer than `timeoutMs`.
 */
export function closeNotified(channel: Channel, timeoutMs: number): ChannelFuture {
  const promise = channel.newPromise();
  const timer = channel.eventLoop.schedule(timeoutMs, () => promise.trySuccess());
  promise.addListener(() => timer.cancel());
  // The TLS socket puts the close_notify before the FIN (RFC 8446 §6.1).
  channel.shutdownOutput().addListener(() => promise.trySuccess());
  return promise;
}
