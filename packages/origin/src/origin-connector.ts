import { Bootstrap, ChannelInitializer, ChannelOption, socketTransport } from '@sluice/core';
import type { Channel, ChannelFuture, EventLoop, Logger, Transport } from '@sluice/core';
import { ORIGIN_NAME } from '@sluice/handler-metrics';
import type { OriginServer } from './origin-server.ts';

/** Fills the pipeline of a connection to an origin. */
export interface OriginPipeline {
  assemble(channel: Channel): void;
}

/** Makes connections to origin servers, each a channel with the declared origin handlers. */
export class OriginConnector {
  readonly #bootstrap: Bootstrap;

  constructor(
    eventLoop: EventLoop,
    pipeline: OriginPipeline,
    logger: Logger,
    transport: Transport = socketTransport,
  ) {
    this.#bootstrap = new Bootstrap()
      .group(eventLoop)
      .channelFactory(() => transport.newChannel({ logger }))
      .handler(new ChannelInitializer((channel) => pipeline.assemble(channel)));
  }

  connect({ address, originName }: OriginServer, connectTimeoutMs: number): ChannelFuture {
    return this.#bootstrap
      .clone()
      .option(ChannelOption.CONNECT_TIMEOUT_MS, connectTimeoutMs)
      .attr(ORIGIN_NAME, originName)
      .connect(address);
  }
}
