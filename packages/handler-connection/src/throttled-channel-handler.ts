import type { ChannelInboundHandler } from '@sluice/core';

/** Keeps every event of a throttled channel from the handlers behind: for them it was never there. */
export class ThrottledChannelHandler implements ChannelInboundHandler {
  static readonly INSTANCE = new ThrottledChannelHandler();
  readonly sharable = true;

  channelInactive(): void {}
  channelRead(): void {}
  channelReadComplete(): void {}
  channelWritabilityChanged(): void {}
  userEventTriggered(): void {}
  exceptionCaught(): void {}
}
