import { Counter, DURATION_BOUNDS, Gauge, Histogram } from '@sluice/handler-metrics';
import type { MetricFamily, MetricsRegistry } from '@sluice/handler-metrics';

/** What is counted of the connections to an origin: `connectionpool.<name>`, with the origin as `id`. */
const POOL_COUNTERS = {
  request: 'Times a connection was asked for.',
  reuse: 'Times a connection was lent that had served a request before.',
  release: 'Times a connection was given back and kept.',
  create: 'Connections that were begun.',
  create_success: 'Connections that were made.',
  create_fail: 'Connections that could not be made.',
  unresolvedDiscoveryHost:
    'Connections that could not be made because the name of the server was not resolved.',
  close: 'Connections that have closed, for whatever reason.',
  alreadyClosed: 'Connections that had closed by the time they were given back.',
  fromPoolIsClosed: 'Kept connections that were found to be of no use when one was asked for.',
  maxConnsPerHostExceeded: 'Times a request had to wait because there were as many connections as allowed.',
  closeAbovePoolHighWaterMark: 'Connections closed because enough were kept unused.',
  closeExpiredConnLifetime: 'Connections closed because of their age or the number of their requests.',
  closeWrtBusyConnCounter: 'Connections closed because the response came before the request was sent.',
  circuitTripped: 'Times a server got no more requests because connections to it had failed in a row.',
  closeCircuitBreaker: 'Connections closed because their server left the origin or was found unfit.',
  idle: 'Connections closed because nobody asked for them.',
  inactive: 'Kept connections that the server ended.',
  error: 'Connections that failed.',
  headerClose: 'Connections closed because the response said so.',
  sslClose: 'Kept TLS connections that the server ended with close_notify.',
  outboundIncomplete: 'Connections closed because the request was not written whole.',
} as const;

/** What is counted of the requests to an origin: `origin.<name>`. */
const REQUEST_COUNTERS = {
  'connections.overflow': 'Times maxConnections kept a connection from being made.',
  'pending.overflow': 'Requests refused because maxPendingRequests waited.',
  'pending.timeout': 'Requests that waited for a connection in vain.',
  'pending.failure.eject': 'Requests that waited for a connection that could not be made.',
  'requests.overflow': 'Requests refused because the origin had maxRequests.',
  'requests.timeout': 'Requests whose time for all tries was up.',
  'requests.per.try.timeout': 'Tries whose time was up.',
  'requests.response.timeout': 'Tries whose server was silent for too long when it was its turn.',
  'requests.early.response': 'Responses that were complete before their request was.',
  retry: 'Requests that were sent again.',
  'retry.success': 'Requests sent again that got a response to pass on.',
  'retry.limit.exceeded': 'Failed tries that were not repeated because it was the last one.',
  'retry.overflow': 'Failed tries that were not repeated because of maxRetries or the budget.',
} as const;

/** The limits of an origin: `origin.circuit_breakers.<name>.open`. */
const BREAKERS = {
  connections: 'Whether there are maxConnections (1), or fewer (0).',
  pending: 'Whether maxPendingRequests wait (1), or fewer (0).',
  requests: 'Whether there are maxRequests (1), or fewer (0).',
  retries: 'Whether maxRetries or the budget keeps requests from being repeated (1), or not (0).',
} as const;

type Breaker = keyof typeof BREAKERS;
type PoolCounter = keyof typeof POOL_COUNTERS;
type RequestCounter = keyof typeof REQUEST_COUNTERS;

/** Makes the counters, gauges and histograms of an origin. */
interface MetricSource {
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
  histogram(name: string, help: string): Histogram;
}

/** The figures of one origin, bound once: counting is an addition. */
export class OriginMetrics {
  readonly pool: Readonly<Record<PoolCounter, Counter>>;
  readonly requests: Readonly<Record<RequestCounter, Counter>>;
  readonly breakers: Readonly<Record<Breaker, Gauge>>;
  /** Connections that are kept unused. */
  readonly inPool: Gauge;
  /** Connections that are lent. */
  readonly inUse: Gauge;
  /** Requests that wait for a connection. */
  readonly pending: Gauge;
  /** How long connecting has taken, in seconds; of those that were made. */
  readonly createTiming: Histogram;
  readonly #remove: () => void;

  private constructor(source: MetricSource, remove: () => void = () => {}) {
    this.#remove = remove;
    const counters = <Name extends string>(prefix: string, helps: Readonly<Record<Name, string>>) =>
      Object.fromEntries(
        Object.entries<string>(helps).map(([name, help]) => [name, source.counter(prefix + name, help)]),
      ) as Record<Name, Counter>;
    this.pool = counters('connectionpool.', POOL_COUNTERS);
    this.requests = counters('origin.', REQUEST_COUNTERS);
    this.breakers = Object.fromEntries(
      Object.entries<string>(BREAKERS).map(([name, help]) => [
        name,
        source.gauge(`origin.circuit_breakers.${name}.open`, help),
      ]),
    ) as Record<Breaker, Gauge>;
    this.inPool = source.gauge('connectionpool.inPool', 'Connections that are kept unused.');
    this.inUse = source.gauge('connectionpool.inUse', 'Connections that serve a request.');
    this.pending = source.gauge('origin.pending.current', 'Requests that wait for a connection.');
    this.createTiming = source.histogram('connectionpool.createTiming.seconds', 'How long connecting took.');
  }

  /** Figures that nobody exposes. */
  static unexposed(): OriginMetrics {
    return new OriginMetrics({
      counter: () => new Counter(),
      gauge: () => new Gauge(),
      histogram: () => new Histogram(DURATION_BOUNDS),
    });
  }

  /** Figures of a registry, under the origin's name as `id`. */
  static of(registry: MetricsRegistry, originName: string): OriginMetrics {
    const labels = { id: MAX_ORIGINS };
    const families: MetricFamily<unknown>[] = [];
    const childOf = <Child>(family: MetricFamily<Child>): Child => {
      families.push(family);
      return family.labels(originName);
    };
    const source: MetricSource = {
      counter: (name, help) => childOf(registry.counter({ name, help, labels })),
      gauge: (name, help) => childOf(registry.gauge({ name, help, labels })),
      histogram: (name, help) => childOf(registry.histogram({ name, help, labels, bounds: DURATION_BOUNDS })),
    };
    return new OriginMetrics(source, () => {
      for (const family of families) family.remove('id', originName);
    });
  }

  /** Takes them out of the registry. What ends late is counted here still, for nobody. */
  remove(): void {
    this.#remove();
  }
}

// Origins with figures of their own; all others share one.
const MAX_ORIGINS = 1000;
