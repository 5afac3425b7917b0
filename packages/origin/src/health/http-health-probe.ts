import { HttpHeaders, HttpRequest, LastHttpContent } from '@sluice/codec-http';
import type { HttpResponse } from '@sluice/codec-http';
import type { Channel, EventLoop } from '@sluice/core';
import type { OriginConnector } from '../pool/origin-connector.ts';
import { OriginResponseReceiver } from '../pool/origin-response-receiver.ts';
import type { OriginResponseListener } from '../pool/origin-response-receiver.ts';
import type { OriginServer } from '../origin-server.ts';
import { ConnectionProbe } from './connection-probe.ts';
import type { HealthCheckOptions, StatusRange } from './health-check-options.ts';
import type { HealthProbe, ProbeOutcome } from './health-probe.ts';

const USER_AGENT = 'sluice-health-check';

/** Sends a GET on a new connection; the status says how the server is. */
export class HttpHealthProbe implements HealthProbe {
  readonly #connector: OriginConnector;
  readonly #eventLoop: EventLoop;
  readonly #options: HealthCheckOptions;

  constructor(connector: OriginConnector, eventLoop: EventLoop, options: HealthCheckOptions) {
    this.#connector = connector;
    this.#eventLoop = eventLoop;
    this.#options = options;
  }

  check(server: OriginServer, done: (outcome: ProbeOutcome) => void): () => void {
    const ask = (channel: Channel, probe: ConnectionProbe): void => {
      channel.pipeline.get(OriginResponseReceiver)?.attach(this.#listener(probe));
      channel.write(this.#request(server));
      channel.write(LastHttpContent.EMPTY);
      channel.flush();
    };
    const { timeoutMs } = this.#options;
    const probe = new ConnectionProbe(this.#connector, this.#eventLoop, server, timeoutMs, ask, done);
    return () => probe.cancel();
  }

  #request(server: OriginServer): HttpRequest {
    const { host, path } = this.#options;
    const address = 'path' in server.address ? 'localhost' : server.name;
    return new HttpRequest({
      method: 'GET',
      target: path,
      authority: host === '' ? address : host,
      headers: HttpHeaders.of([['user-agent', USER_AGENT]]),
      keepAlive: false,
    });
  }

  #listener(probe: ConnectionProbe): OriginResponseListener {
    return {
      onResponse: (response) => this.#judge(response, probe),
      onContent: () => {},
      onTunnel: () => {},
      onReadComplete: () => {},
      onWritabilityChanged: () => {},
      onReset: () => probe.end('failure'),
    };
  }

  #judge({ status, isInformational }: HttpResponse, probe: ConnectionProbe): void {
    const { expectedStatuses, retriableStatuses } = this.#options;
    if (isIn(expectedStatuses, status)) probe.end('success');
    else if (!isInformational) probe.end(isIn(retriableStatuses, status) ? 'failure' : 'unhealthy');
  }
}

function isIn(ranges: readonly StatusRange[], status: number): boolean {
  return ranges.some((range) =>
    typeof range === 'number' ? range === status : range[0] <= status && status <= range[1],
  );
}
