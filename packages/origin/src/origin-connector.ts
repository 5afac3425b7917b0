import { HttpClientCodec } from '@sluice/codec-http';
import { Bootstrap, ChannelInitializer, ChannelOption, socketTransport } from '@sluice/core';
import type { Channel, ChannelFuture, ChannelHandler, EventLoop, Logger, Transport } from '@sluice/core';
import { ORIGIN_NAME } from '@sluice/handler-metrics';
import { isTlsError, SslHandler } from '@sluice/handler-tls';
import type { SslContext } from '@sluice/handler-tls';
import type { OriginServer } from './origin-server.ts';
import { secured } from './secured-connect.ts';

/** Fills the pipeline of a connection to an origin. */
export interface OriginPipeline {
  assemble(channel: Channel): void;
}

/** Makes connections to origin servers, each a channel with the declared origin handlers. */
export class OriginConnector {
  readonly #bootstrap: Bootstrap;
  readonly #pipeline: OriginPipeline;
  // Those that the log has a warning of.
  readonly #failing = new WeakSet<OriginServer>();

  constructor(
    eventLoop: EventLoop,
    pipeline: OriginPipeline,
    logger: Logger,
    transport: Transport = socketTransport,
  ) {
    this.#pipeline = pipeline;
    this.#bootstrap = new Bootstrap()
      .group(eventLoop)
      .channelFactory(() => transport.newChannel({ logger }))
      .handler(new ChannelInitializer((channel) => pipeline.assemble(channel)));
  }

  /** The future of a connection with TLS is done when the server is verified; the timeout covers that. */
  connect(server: OriginServer, connectTimeoutMs: number): ChannelFuture {
    const { address, name, originName, tls } = server;
    const bootstrap = this.#bootstrap
      .clone()
      .option(ChannelOption.CONNECT_TIMEOUT_MS, connectTimeoutMs)
      .attr(ORIGIN_NAME, originName);
    if (tls === undefined) return bootstrap.connect(address);
    bootstrap.handler(new ChannelInitializer((channel) => this.#assembleTls(channel, tls)));
    return secured(bootstrap.connect(address), name, connectTimeoutMs).addListener((future) =>
      this.#report(server, future),
    );
  }

  // A server that is not trusted is for the operator to see; once, not for each request.
  #report(server: OriginServer, { channel, isSuccess, cause }: ChannelFuture): void {
    if (isSuccess) this.#failing.delete(server);
    if (isSuccess || !isTlsError(cause) || this.#failing.has(server)) return;
    this.#failing.add(server);
    const fields = { err: cause, origin: server.originName, server: server.name };
    channel.logger.warn(fields, 'No TLS with an origin server: requests to it are answered with 502.');
  }

  // TLS stands right before the codec: what counts bytes and time before it sees the connection.
  #assembleTls(channel: Channel, tls: SslContext): void {
    this.#pipeline.assemble(channel);
    const { pipeline } = channel;
    // The handshake has no timeout of its own: the connect has.
    const handler = new SslHandler(tls, { handshakeTimeoutMs: 0 });
    const codec = pipeline.context(HttpClientCodec);
    if (codec === undefined) pipeline.addFirst('ssl', handler);
    else pipeline.addBefore(codec.name, 'ssl', handler);
  }

  /** The same without the declared handlers: this one alone has the bytes. */
  connectBare(
    { address, originName }: OriginServer,
    connectTimeoutMs: number,
    handler: ChannelHandler,
  ): ChannelFuture {
    return this.#bootstrap
      .clone()
      .handler(handler)
      .option(ChannelOption.CONNECT_TIMEOUT_MS, connectTimeoutMs)
      .attr(ORIGIN_NAME, originName)
      .connect(address);
  }
}
