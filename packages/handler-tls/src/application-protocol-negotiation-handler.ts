import type { ChannelHandlerContext, ChannelInboundHandler, ChannelPipeline } from '@sluice/core';
import { SslHandler } from './ssl-handler.ts';
import { SslHandshakeCompletionEvent } from './ssl-handshake-completion-event.ts';

/** Adds the handlers of one protocol behind the TLS handlers. */
export type ProtocolInitializer = (pipeline: ChannelPipeline) => void;

/**
 * Fills the pipeline by what the TLS handshake has negotiated (ALPN): the place where a protocol
 * like h2 branches off. It stands last in a pipeline with SslHandler, and is replaced by the
 * handlers of the protocol before the first decrypted byte.
 *
 *     new ApplicationProtocolNegotiationHandler({ 'http/1.1': addHttp1, h2: addHttp2 }, 'http/1.1')
 */
export class ApplicationProtocolNegotiationHandler implements ChannelInboundHandler {
  readonly #initializers: ReadonlyMap<string, ProtocolInitializer>;
  readonly #fallback: string;

  /** `fallback`: the protocol of clients that offer none. Throws a RangeError when it is not among `initializers`. */
  constructor(initializers: Readonly<Record<string, ProtocolInitializer>>, fallback: string) {
    this.#initializers = new Map(Object.entries(initializers));
    this.#fallback = fallback;
    if (!this.#initializers.has(fallback)) {
      const known = [...this.#initializers.keys()].join(', ');
      throw new RangeError(`There is no initializer for the fallback "${fallback}"; there are: ${known}.`);
    }
  }

  userEventTriggered(ctx: ChannelHandlerContext, event: object): void {
    if (event instanceof SslHandshakeCompletionEvent && event.isSuccess) this.#configure(ctx);
    ctx.fireUserEventTriggered(event);
  }

  #configure(ctx: ChannelHandlerContext): void {
    const { channel, pipeline } = ctx;
    const protocol = pipeline.get(SslHandler)?.applicationProtocol ?? this.#fallback;
    const initialize = this.#initializers.get(protocol);
    if (initialize === undefined) {
      channel.logger.warn({ protocol, channel: String(channel) }, 'No handlers for the negotiated protocol.');
      ctx.close();
      return;
    }
    initialize(pipeline);
    // Last, so that the event goes on to the handlers that were added.
    pipeline.remove(ctx.name);
  }
}
