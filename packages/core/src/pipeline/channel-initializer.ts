import type { Channel } from '../channel/channel.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';
import type { ChannelInboundHandler, Transparent } from './channel-handler.ts';

/**
 * Fills the pipeline of a new channel, then takes itself out. One instance can serve all
 * channels. When `init` throws, the channel is closed.
 */
export class ChannelInitializer implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #init: (channel: Channel) => void;
  // Its own handlers may register or fire while it fills a pipeline.
  readonly #running: ChannelHandlerContext[] = [];

  constructor(init: (channel: Channel) => void) {
    this.#init = init;
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    if (ctx.channel.isRegistered) this.#run(ctx);
  }

  channelRegistered(ctx: ChannelHandlerContext<Transparent>): void {
    // Handlers just added must see the event too, whatever their place.
    if (this.#run(ctx)) ctx.pipeline.fireChannelRegistered();
    else ctx.fireChannelRegistered();
  }

  exceptionCaught(ctx: ChannelHandlerContext<Transparent>, cause: unknown): void {
    const fields = { err: cause, channel: String(ctx.channel) };
    ctx.channel.logger.warn(fields, 'A channel could not be initialised; closing it.');
    ctx.close();
  }

  #run(ctx: ChannelHandlerContext): boolean {
    if (ctx.isRemoved || this.#running.includes(ctx)) return false;
    this.#running.push(ctx);
    try {
      this.#init(ctx.channel);
    } catch (cause) {
      this.exceptionCaught(ctx as ChannelHandlerContext<Transparent>, cause);
    } finally {
      // The last one that began is the first to end.
      this.#running.pop();
      if (!ctx.isRemoved) ctx.pipeline.remove(ctx.name);
    }
    return true;
  }
}
