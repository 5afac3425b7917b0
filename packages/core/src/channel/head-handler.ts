import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { ChannelHandlerContext } from '../pipeline/channel-handler-context.ts';
import type { ChannelHandler } from '../pipeline/channel-handler.ts';
import type { AbstractChannel } from './abstract-channel.ts';
import type { SocketAddress } from './socket-address.ts';

/** The end of every pipeline at the transport's side: carries out what the handlers ask for. */
export class HeadHandler implements ChannelHandler {
  readonly sharable = true;
  readonly #channel: AbstractChannel;

  constructor(channel: AbstractChannel) {
    this.#channel = channel;
  }

  channelUnregistered(ctx: ChannelHandlerContext): void {
    ctx.fireChannelUnregistered();
    if (!this.#channel.isOpen) this.#channel.pipeline.destroy();
  }

  // The handlers first, so that one of them can turn autoRead off in time.
  channelActive(ctx: ChannelHandlerContext): void {
    ctx.fireChannelActive();
    this.#readIfAutoRead();
  }

  channelReadComplete(ctx: ChannelHandlerContext): void {
    ctx.fireChannelReadComplete();
    this.#readIfAutoRead();
  }

  bind(_ctx: ChannelHandlerContext, local: SocketAddress, promise: ChannelPromise): void {
    this.#channel.unsafe.bind(local, promise);
  }

  connect(
    _ctx: ChannelHandlerContext,
    remote: SocketAddress,
    local: SocketAddress | undefined,
    promise: ChannelPromise,
  ): void {
    this.#channel.unsafe.connect(remote, local, promise);
  }

  disconnect(_ctx: ChannelHandlerContext, promise: ChannelPromise): void {
    this.#channel.unsafe.disconnect(promise);
  }

  close(_ctx: ChannelHandlerContext, promise: ChannelPromise): void {
    this.#channel.unsafe.close(promise);
  }

  deregister(_ctx: ChannelHandlerContext, promise: ChannelPromise): void {
    this.#channel.unsafe.deregister(promise);
  }

  read(): void {
    this.#channel.unsafe.input.beginRead();
  }

  write(_ctx: ChannelHandlerContext, message: unknown, promise: ChannelPromise | undefined): void {
    this.#channel.unsafe.output.write(message, promise);
  }

  flush(): void {
    this.#channel.unsafe.output.flush();
  }

  #readIfAutoRead(): void {
    if (this.#channel.config.autoRead) this.#channel.read();
  }
}
