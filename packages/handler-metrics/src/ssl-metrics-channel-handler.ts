import { ClosedChannelError } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import {
  NotSslRecordError,
  PeerCertificateError,
  PlainHttpError,
  SSL_HANDSHAKE_INFO,
  SslHandler,
  SslHandshakeCompletionEvent,
  SslHandshakeInfoHandler,
  SslHandshakeTimeoutError,
} from '@sluice/handler-tls';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import type { Counter } from './counter.ts';
import { errorLabel } from './error-label.ts';
import { listenerId, MAX_LISTENERS } from './listener-id.ts';
import type { MetricFamily } from './metric-family.ts';
import { MetricsRegistry } from './metrics-registry.ts';

const MAX_CIPHER_SUITES = 32;
const MAX_CAUSES = 64;

/** What comes to a TLS port without wanting TLS, or goes before it has begun. */
const PROBES = [
  [ClosedChannelError, 'closed'],
  [SslHandshakeTimeoutError, 'timeout'],
  [PlainHttpError, 'plain_http'],
  [NotSslRecordError, 'not_tls'],
] as const;

/**
 * Counts TLS handshakes by their outcome, with the version and cipher of those that succeed and
 * the cause of those that fail. Port scans, health checks and plain HTTP are counted apart, as probes.
 */
@Handler({ name: 'ssl-metrics', sharable: true, requires: [SslHandler], after: [SslHandshakeInfoHandler] })
export class SslMetricsChannelHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #handshakes: MetricFamily<Counter>;
  readonly #probes: MetricFamily<Counter>;

  constructor(@inject(MetricsRegistry) registry: MetricsRegistry) {
    this.#handshakes = registry.counter({
      name: 'server.ssl.handshake',
      help: 'TLS handshakes with clients, by outcome.',
      labels: {
        id: MAX_LISTENERS,
        success: ['true', 'false'],
        protocol: ['TLSv1.2', 'TLSv1.3', 'none'],
        ciphersuite: MAX_CIPHER_SUITES,
        clientauth: ['NONE', 'OPTIONAL', 'REQUIRE'],
        failure_cause: MAX_CAUSES,
      },
    });
    this.#probes = registry.counter({
      name: 'server.ssl.probe',
      help: 'Connections to a TLS port that ended before a handshake had begun in earnest.',
      labels: { id: MAX_LISTENERS, cause: PROBES.map(([, cause]) => cause) },
    });
  }

  userEventTriggered(ctx: ChannelHandlerContext<Transparent>, event: object): void {
    if (event instanceof SslHandshakeCompletionEvent) {
      if (event.isSuccess) this.#succeeded(ctx.channel);
      else this.#failed(listenerId(ctx.channel), event.cause);
    }
    ctx.fireUserEventTriggered(event);
  }

  #succeeded(channel: Channel): void {
    const info = channel.attr(SSL_HANDSHAKE_INFO).get();
    if (info === undefined) return;
    const { protocol, cipherSuite, clientAuth } = info;
    this.#handshakes.labels(listenerId(channel), 'true', protocol, cipherSuite, clientAuth, 'none').inc();
  }

  #failed(id: string, cause: unknown): void {
    const probe = PROBES.find(([type]) => cause instanceof type);
    if (probe !== undefined) this.#probes.labels(id, probe[1]).inc();
    else this.#handshakes.labels(id, 'false', 'none', 'none', 'none', causeLabel(cause)).inc();
  }
}

function causeLabel(cause: unknown): string {
  return cause instanceof PeerCertificateError ? cause.reason : errorLabel(cause);
}
