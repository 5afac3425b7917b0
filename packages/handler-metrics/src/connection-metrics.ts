import type { Counter } from './counter.ts';
import type { Gauge } from './gauge.ts';
import { MAX_LISTENERS } from './listener-id.ts';
import type { MetricFamily } from './metric-family.ts';
import type { MetricsRegistry } from './metrics-registry.ts';

const MAX_ERRORS = 32;

/** The figures of one listener's connections. */
export class ConnectionMetrics {
  readonly id: string;
  readonly current: Gauge;
  readonly connect: Counter;
  readonly close: Counter;
  readonly errors: Counter;
  readonly idleTimeout: Counter;
  readonly throttled: Counter;
  readonly exceptions: MetricFamily<Counter>;

  constructor(registry: MetricsRegistry, id: string) {
    const labels = { id: MAX_LISTENERS };
    const counter = (name: string, help: string): Counter =>
      registry.counter({ name, help, labels }).labels(id);
    this.id = id;
    this.current = registry
      .gauge({ name: 'server.connections.current', help: 'Open connections of clients.', labels })
      .labels(id);
    this.connect = counter('server.connections.connect', 'Connections that clients have opened.');
    this.close = counter(
      'server.connections.close',
      'Connections of clients that were closed, by either side.',
    );
    this.errors = counter('server.connections.errors', 'Errors on connections of clients.');
    this.idleTimeout = counter(
      'server.connections.idle.timeout',
      'Times that a connection of a client was idle.',
    );
    this.throttled = counter(
      'server.connections.throttled',
      'Connections closed because there were too many.',
    );
    this.exceptions = registry.counter({
      name: 'server.connection.exception.inbound',
      help: 'Errors on connections of clients, by their code.',
      labels: { ...labels, error: MAX_ERRORS },
    });
  }
}
