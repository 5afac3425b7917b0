import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';

/** Told of what comes from the server of a tunnel. */
export interface TunnelListener {
  onBytes(bytes: Buffer): void;
  onReadComplete(): void;
  onWritabilityChanged(isWritable: boolean): void;
  /** The connection has failed; it is closed behind this. */
  onFailed(cause: unknown): void;
  /** The connection has ended, or could not be made. */
  onClosed(): void;
}

/** All there is in the pipeline of a connection that is the far part of a tunnel. */
export class TunnelHandler implements ChannelInboundHandler<Buffer, never> {
  readonly #listener: TunnelListener;

  constructor(listener: TunnelListener) {
    this.#listener = listener;
  }

  channelRead(_ctx: ChannelHandlerContext<never>, bytes: Buffer): void {
    this.#listener.onBytes(bytes);
  }

  channelReadComplete(): void {
    this.#listener.onReadComplete();
  }

  channelWritabilityChanged(ctx: ChannelHandlerContext<never>): void {
    this.#listener.onWritabilityChanged(ctx.channel.isWritable);
  }

  channelInactive(): void {
    this.#listener.onClosed();
  }

  exceptionCaught(ctx: ChannelHandlerContext<never>, cause: unknown): void {
    const { channel } = ctx;
    channel.logger.debug({ err: cause, channel: channel.toString() }, 'A tunnel to an origin failed.');
    this.#listener.onFailed(cause);
    channel.close();
  }
}
