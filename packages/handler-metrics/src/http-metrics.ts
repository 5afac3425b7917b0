import type { HttpResponse } from '@sluice/codec-http';
import type { CompleteReason } from '@sluice/handler-http';
import type { Counter } from './counter.ts';
import type { Gauge } from './gauge.ts';
import type { Histogram } from './histogram.ts';
import { DURATION_BOUNDS, SIZE_BOUNDS } from './histogram.ts';
import { MAX_LISTENERS } from './listener-id.ts';
import type { MetricFamily } from './metric-family.ts';
import type { MetricsRegistry } from './metrics-registry.ts';

/** Whose exchanges are counted: those of clients with listeners, or those with origins. */
export type HttpMetricsSide = 'server' | 'client';

const REASONS = [
  'SESSION_COMPLETE',
  'INACTIVE',
  'DISCONNECT',
  'PIPELINE_REJECT',
  'EXCEPTION',
  'CLOSE',
] as const satisfies readonly CompleteReason[];

/** In the order of a status's first digit; `none` when no response was begun. */
const STATUS_CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

// Those that are counted in, so that the handlers of one listener or origin share them until they are removed.
const KNOWN = new WeakMap<MetricsRegistry, Map<string, HttpMetrics>>();

/** The figures of one listener's or origin's exchanges, bound once so that counting finds them by index. */
export class HttpMetrics {
  readonly current: Gauge;
  readonly pipeliningDropped: Counter;
  readonly requestSize: Histogram;
  readonly responseSize: Histogram;
  readonly #families: readonly MetricFamily<unknown>[];
  readonly #durations: readonly Histogram[];
  readonly #completed: Readonly<Record<CompleteReason, Counter>>;

  private constructor(registry: MetricsRegistry, side: HttpMetricsSide, id: string) {
    const name = (rest: string): string => `${side}.http.${rest}`;
    const labels = { id: MAX_LISTENERS };
    const current = registry.gauge({
      name: name('requests.current'),
      help: 'Requests under way.',
      labels,
    });
    const dropped = registry.counter({
      name: name('requests.pipelining.dropped'),
      help: 'Requests refused because they came before the response to the one before.',
      labels,
    });
    const sizeOf = (what: string): MetricFamily<Histogram> =>
      registry.histogram({
        name: name(`${what}.size.bytes`),
        help: `Bytes of the body of a ${what}.`,
        labels,
        bounds: SIZE_BOUNDS,
      });
    const [requestSize, responseSize] = [sizeOf('request'), sizeOf('response')];
    const durations = registry.histogram({
      name: name('request.duration.seconds'),
      help: 'From the head of a request to the end of the exchange.',
      labels: { ...labels, status: STATUS_CLASSES },
      bounds: DURATION_BOUNDS,
    });
    const completed = registry.counter({
      name: name('requests.completed'),
      help: 'Exchanges that are over, by how they ended.',
      labels: { ...labels, reason: REASONS },
    });
    this.#families = [current, dropped, requestSize, responseSize, durations, completed];
    this.current = current.labels(id);
    this.pipeliningDropped = dropped.labels(id);
    this.requestSize = requestSize.labels(id);
    this.responseSize = responseSize.labels(id);
    this.#durations = STATUS_CLASSES.map((status) => durations.labels(id, status));
    this.#completed = {
      SESSION_COMPLETE: completed.labels(id, 'SESSION_COMPLETE'),
      INACTIVE: completed.labels(id, 'INACTIVE'),
      DISCONNECT: completed.labels(id, 'DISCONNECT'),
      PIPELINE_REJECT: completed.labels(id, 'PIPELINE_REJECT'),
      EXCEPTION: completed.labels(id, 'EXCEPTION'),
      CLOSE: completed.labels(id, 'CLOSE'),
    };
  }

  /** The figures under this name, as they are or from 0. */
  static of(registry: MetricsRegistry, side: HttpMetricsSide, id: string): HttpMetrics {
    const known = KNOWN.get(registry) ?? new Map<string, HttpMetrics>();
    KNOWN.set(registry, known);
    const key = `${side} ${id}`;
    const metrics = known.get(key) ?? new HttpMetrics(registry, side, id);
    known.set(key, metrics);
    return metrics;
  }

  /** Takes the figures under this name out of the registry. Exchanges that end later are counted for nobody. */
  static remove(registry: MetricsRegistry, side: HttpMetricsSide, id: string): void {
    const known = KNOWN.get(registry);
    const metrics = known?.get(`${side} ${id}`);
    if (metrics === undefined) return;
    known?.delete(`${side} ${id}`);
    for (const family of metrics.#families) family.remove('id', id);
  }

  /** Counts an exchange that is over. A status above 599 counts as a 5xx. */
  complete(reason: CompleteReason, response: HttpResponse | undefined, durationMs: number): void {
    const status = response === undefined ? 0 : Math.min(5, Math.trunc(response.status / 100));
    this.#durations[status]?.observe(durationMs / 1000);
    // The usual one by its name: one that is looked up costs a search.
    const completed =
      reason === 'SESSION_COMPLETE' ? this.#completed.SESSION_COMPLETE : this.#completed[reason];
    completed.inc();
    if (reason === 'PIPELINE_REJECT') this.pipeliningDropped.inc();
  }
}
