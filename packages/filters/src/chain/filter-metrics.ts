import { DURATION_BOUNDS } from '@sluice/handler-metrics';
import type { Counter, Histogram, MetricFamily, MetricsRegistry } from '@sluice/handler-metrics';
import type { FilterIdentity, FilterListener } from './filter-listener.ts';
import { FINAL_STATUSES } from './filter-status.ts';
import type { FinalFilterStatus } from './filter-status.ts';

/** How many filters have figures of their own; a gateway that was given more in its life counts them as `other`. */
const MAX_FILTERS = 500;
const KINDS = ['inbound', 'endpoint', 'outbound'] as const;

interface FilterFigures {
  readonly name: string;
  readonly executions: Readonly<Record<FinalFilterStatus, Counter>>;
  readonly duration: Histogram;
  readonly rejected: Counter;
  readonly lateWrites: Counter;
}

export interface FilterMetricsOptions {
  /** Whether filters that answer at once are timed too; see {@link FilterListener.timesAll}. Default: false. */
  readonly timesAll?: boolean;
}

/** Counts the executions of each filter by status, times them, and counts those refused and writes that came too late. */
export class FilterMetrics implements FilterListener {
  readonly timesAll: boolean;
  readonly #executions: MetricFamily<Counter>;
  readonly #durations: MetricFamily<Histogram>;
  readonly #rejected: MetricFamily<Counter>;
  readonly #lateWrites: MetricFamily<Counter>;
  readonly #figures = new Map<string, FilterFigures>();
  // Those of the filter that came last at each place of a set: to look a name up costs as much as a filter that passes.
  readonly #atPlaces: FilterFigures[] = [];

  constructor(registry: MetricsRegistry, { timesAll = false }: FilterMetricsOptions = {}) {
    const labels = { filter: MAX_FILTERS, type: KINDS };
    this.timesAll = timesAll;
    this.#executions = registry.counter({
      name: 'filter.executions',
      help: 'How often a filter was through with a message, by what became of it.',
      labels: { ...labels, status: FINAL_STATUSES },
    });
    this.#durations = registry.histogram({
      name: 'filter.duration.seconds',
      help: 'How long a filter took, where that was measured: asynchronous ones always are.',
      labels,
      bounds: DURATION_BOUNDS,
    });
    this.#rejected = registry.counter({
      name: 'filter.concurrency.rejected',
      help: 'How often a filter was not called because as many calls were under way as there may be.',
      labels,
    });
    this.#lateWrites = registry.counter({
      name: 'filter.late.writes',
      help: 'How often an endpoint wrote to a request that was over; what it wrote was dropped.',
      labels,
    });
  }

  onFilterExecuted(filter: FilterIdentity, status: FinalFilterStatus, durationMs: number | undefined): void {
    const figures = this.#of(filter);
    // The usual one by its name: one that is looked up costs a search of the megamorphic kind.
    const executions = status === 'SUCCESS' ? figures.executions.SUCCESS : figures.executions[status];
    executions.inc();
    if (durationMs !== undefined) figures.duration.observe(durationMs / 1000);
  }

  onFilterRejected(filter: FilterIdentity): void {
    this.#of(filter).rejected.inc();
  }

  onLateWrite(filter: FilterIdentity): void {
    this.#of(filter).lateWrites.inc();
  }

  #of(filter: FilterIdentity): FilterFigures {
    const figures = this.#atPlaces[filter.index];
    if (figures !== undefined && figures.name === filter.name) return figures;
    return (this.#atPlaces[filter.index] = this.#find(filter));
  }

  // No two filters of a set share a name; those of two sets are one filter, of two versions.
  #find({ name, kind }: FilterIdentity): FilterFigures {
    const known = this.#figures.get(name);
    if (known !== undefined) return known;
    const figures = {
      name,
      executions: {
        SUCCESS: this.#executions.labels(name, kind, 'SUCCESS'),
        SKIPPED: this.#executions.labels(name, kind, 'SKIPPED'),
        DISABLED: this.#executions.labels(name, kind, 'DISABLED'),
        FAILED: this.#executions.labels(name, kind, 'FAILED'),
      },
      duration: this.#durations.labels(name, kind),
      rejected: this.#rejected.labels(name, kind),
      lateWrites: this.#lateWrites.labels(name, kind),
    };
    this.#figures.set(name, figures);
    return figures;
  }
}
