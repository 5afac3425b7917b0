import type { ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { isTlsError, SslHandler } from '@sluice/handler-tls';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import type { Counter } from './counter.ts';
import { errorLabel } from './error-label.ts';
import type { MetricFamily } from './metric-family.ts';
import { MetricsRegistry } from './metrics-registry.ts';

const MAX_CAUSES = 64;

/**
 * Keeps errors of TLS itself, like a broken record or a renegotiation, from the handlers behind, and
 * counts them: the connection is closed already, and its peer is to blame.
 */
@Handler({ name: 'ssl-exceptions', sharable: true, requires: [SslHandler] })
export class SslExceptionsHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #swallowed: MetricFamily<Counter>;

  constructor(@inject(MetricsRegistry) registry: MetricsRegistry) {
    this.#swallowed = registry.counter({
      name: 'server.ssl.exception.swallowed',
      help: 'Errors of TLS on connections of clients, after the handshake.',
      labels: { cause: MAX_CAUSES },
    });
  }

  exceptionCaught(ctx: ChannelHandlerContext<Transparent>, cause: unknown): void {
    if (!isTlsError(cause)) {
      ctx.fireExceptionCaught(cause);
      return;
    }
    this.#swallowed.labels(errorLabel(cause)).inc();
    ctx.channel.logger.debug({ err: cause, channel: String(ctx.channel) }, 'TLS failed.');
  }
}
