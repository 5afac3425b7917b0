import { HttpClientCodec } from '@sluice/codec-http';
import { socketTransport, stderrLogger } from '@sluice/core';
import type { EventLoop, Logger, Transport } from '@sluice/core';
import type { DnsResolver } from '@sluice/discovery';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import { OriginConnector } from './pool/origin-connector.ts';
import type { OriginListener } from './origin-listener.ts';
import { OriginResponseReceiver } from './pool/origin-response-receiver.ts';

/** What origins use of the world around them; everything has a default. */
export interface OriginServices {
  /** Default: warnings and errors to standard error. */
  readonly logger?: Logger;
  /** What health checks connect by. Default: sockets. */
  readonly transport?: Transport;
  /** Makes the connections of health checks. Default: ones by the transport, with HttpClientCodec and OriginResponseReceiver alone. */
  readonly healthConnector?: OriginConnector;
  /** From 0 up to but not including 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Answers the questions of discovery. Default: the name servers of the system. */
  readonly resolver?: DnsResolver;
  readonly listener?: OriginListener;
  /** Where figures of the servers are exposed. Default: nowhere. */
  readonly registry?: MetricsRegistry | undefined;
}

/** A connection for health checks: what the pipeline of requests counts and records is left out. */
export function healthConnector(
  eventLoop: EventLoop,
  { logger = stderrLogger, transport = socketTransport }: OriginServices,
): OriginConnector {
  const assemble: ConstructorParameters<typeof OriginConnector>[1]['assemble'] = ({ pipeline }) => {
    pipeline.addLast('http-client-codec', new HttpClientCodec());
    pipeline.addLast('origin-response-receiver', new OriginResponseReceiver());
  };
  return new OriginConnector(eventLoop, { assemble }, logger, transport);
}
