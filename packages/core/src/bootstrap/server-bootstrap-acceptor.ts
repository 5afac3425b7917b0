import type { AbstractChannel } from '../channel/abstract-channel.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import type { ChannelHandlerContext } from '../pipeline/channel-handler-context.ts';
import type { ChannelHandler, ChannelInboundHandler } from '../pipeline/channel-handler.ts';
import type { BootstrapSettings } from './bootstrap-settings.ts';

// How long accepting stops after an error, for example when no file descriptor is left.
const BACK_OFF_MS = 1000;

/** Stands last in the pipeline of a listening channel and starts each accepted one. */
export class ServerBootstrapAcceptor implements ChannelInboundHandler<AbstractChannel, never> {
  readonly #eventLoop: EventLoop;
  readonly #childHandler: ChannelHandler;
  readonly #settings: BootstrapSettings;

  constructor(eventLoop: EventLoop, childHandler: ChannelHandler, settings: BootstrapSettings) {
    this.#eventLoop = eventLoop;
    this.#childHandler = childHandler;
    this.#settings = settings;
  }

  channelRead(_ctx: ChannelHandlerContext<never>, child: AbstractChannel): void {
    try {
      child.pipeline.addLast(undefined, this.#childHandler);
      this.#settings.apply(child);
    } catch (cause) {
      drop(child, cause);
      return;
    }
    child.register(this.#eventLoop).addListener((future) => {
      if (!future.isSuccess) drop(child, future.cause);
    });
  }

  exceptionCaught(ctx: ChannelHandlerContext<never>, cause: unknown): void {
    const { config, eventLoop } = ctx.channel;
    if (config.autoRead) {
      config.autoRead = false;
      eventLoop.schedule(BACK_OFF_MS, () => {
        config.autoRead = true;
      });
    }
    ctx.fireExceptionCaught(cause);
  }
}

function drop(child: AbstractChannel, cause: unknown): void {
  child.logger.warn({ err: cause }, 'An accepted channel could not be set up; closing it.');
  child.unsafe.closeForcibly(cause);
}
