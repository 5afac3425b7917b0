import { Bootstrap, ChannelInitializer, ChannelOption, SocketChannel } from '@sluice/core';
import type { Channel, ChannelFuture, EventLoop, Logger, SocketAddress } from '@sluice/core';

/** Fills the pipeline of a connection to an origin. */
export interface OriginPipeline {
  assemble(channel: Channel): void;
}

/** Makes connections to origin servers, each a channel with the declared origin handlers. */
export class OriginConnector {
  readonly #bootstrap: Bootstrap;

  constructor(eventLoop: EventLoop, pipeline: OriginPipeline, logger: Logger) {
    this.#bootstrap = new Bootstrap()
      .group(eventLoop)
      .channelFactory(() => new SocketChannel({ logger }))
      .handler(new ChannelInitializer((channel) => pipeline.assemble(channel)));
  }

  connect(address: SocketAddress, connectTimeoutMs: number): ChannelFuture {
    return this.#bootstrap
      .clone()
      .option(ChannelOption.CONNECT_TIMEOUT_MS, connectTimeoutMs)
      .connect(address);
  }
}
