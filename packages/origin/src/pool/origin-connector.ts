import { HttpClientCodec } from '@sluice/codec-http';
import { Bootstrap, ChannelInitializer, ChannelOption, socketTransport } from '@sluice/core';
import type { Channel, ChannelFuture, ChannelHandler, EventLoop, Logger, Transport } from '@sluice/core';
import { ORIGIN_NAME } from '@sluice/handler-metrics';
import { isTlsError, SslHandler } from '@sluice/handler-tls';
import type { SslContext } from '@sluice/handler-tls';
import { isUnresolved } from '../origin-error.ts';
import type { OriginServer } from '../origin-server.ts';
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
    this.#bootstrap = new Bootstrap().group(eventLoop).channelFactory(() => transport.newChannel({ logger }));
  }

  /** The future of a connection with TLS is done when the server is verified; the timeout covers that. */
  connect(server: OriginServer, connectTimeoutMs: number): ChannelFuture {
    return this.#connect(server, connectTimeoutMs, this.#pipeline);
  }

  /** The same without the declared handlers: this one alone has the bytes, behind TLS where the origin has it. */
  connectBare(server: OriginServer, connectTimeoutMs: number, handler: ChannelHandler): ChannelFuture {
    return this.#connect(server, connectTimeoutMs, {
      assemble: ({ pipeline }) => void pipeline.addHandlersLast(handler),
    });
  }

  #connect(server: OriginServer, connectTimeoutMs: number, pipeline: OriginPipeline): ChannelFuture {
    const { address, name, originName, tls } = server;
    const assemble = (channel: Channel): void =>
      tls === undefined ? pipeline.assemble(channel) : assembleTls(pipeline, channel, tls);
    const connecting = this.#bootstrap
      .clone()
      .handler(new ChannelInitializer(assemble))
      .option(ChannelOption.CONNECT_TIMEOUT_MS, connectTimeoutMs)
      .attr(ORIGIN_NAME, originName)
      .connect(address);
    const connected = tls === undefined ? connecting : secured(connecting, name, connectTimeoutMs);
    return connected.addListener((future) => this.#report(server, future));
  }

  // A server that is not trusted, or not to be found, is for the operator to see; once, not for each request.
  #report(server: OriginServer, { channel, isSuccess, cause }: ChannelFuture): void {
    if (isSuccess) this.#failing.delete(server);
    const warning = warningOf(cause);
    if (isSuccess || warning === undefined || this.#failing.has(server)) return;
    this.#failing.add(server);
    const fields = { err: cause, origin: server.originName, server: server.name };
    channel.logger.warn(fields, `${warning}: requests to it are answered with 502.`);
  }
}

function warningOf(cause: unknown): string | undefined {
  if (isTlsError(cause)) return 'No TLS with an origin server';
  return isUnresolved(cause) ? 'The name of an origin server can not be resolved' : undefined;
}

// TLS stands right before the codec: what counts bytes and time before it sees the connection.
function assembleTls(declared: OriginPipeline, channel: Channel, tls: SslContext): void {
  declared.assemble(channel);
  const { pipeline } = channel;
  // The handshake has no timeout of its own: the connect has.
  const handler = new SslHandler(tls, { handshakeTimeoutMs: 0 });
  const codec = pipeline.context(HttpClientCodec);
  if (codec === undefined) pipeline.addFirst('ssl', handler);
  else pipeline.addBefore(codec.name, 'ssl', handler);
}
