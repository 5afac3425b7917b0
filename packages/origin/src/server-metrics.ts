import type { DiscoveryOutcome } from '@sluice/discovery';
import type { Counter, Gauge, LabelValues, MetricFamily, MetricsRegistry } from '@sluice/handler-metrics';
import type { OutlierReason } from './health/outlier-monitor.ts';
import type { ProbeOutcome } from './health/health-probe.ts';
import type { OriginListener } from './origin-listener.ts';
import type { OriginServer } from './origin-server.ts';
import type { Origin } from './origin.ts';

// Origins with figures of their own; all others share one.
const MAX_ORIGINS = 1000;
const LABELS = { id: MAX_ORIGINS };

const REASONS: readonly OutlierReason[] = [
  'consecutive_5xx',
  'consecutive_gateway_failure',
  'consecutive_local_origin_failure',
  'success_rate',
  'local_origin_success_rate',
  'failure_percentage',
  'local_origin_failure_percentage',
];

/** Exposes what becomes of the servers of origins, with the origin's name as `id`. */
export class ServerMetrics implements OriginListener {
  readonly #total: MetricFamily<Gauge>;
  readonly #healthy: MetricFamily<Gauge>;
  readonly #changes: MetricFamily<Counter>;
  readonly #updates: MetricFamily<Counter>;
  readonly #checks: MetricFamily<Counter>;
  readonly #failures: MetricFamily<Counter>;
  readonly #ejected: MetricFamily<Gauge>;
  readonly #detected: MetricFamily<Counter>;
  readonly #enforced: MetricFamily<Counter>;
  readonly #overflows: MetricFamily<Counter>;
  readonly #origins = new Map<string, Origin>();

  constructor(registry: MetricsRegistry) {
    const byReason = { ...LABELS, reason: REASONS };
    // Every process has the same servers and its own view of them: the most, and the worst, is shown.
    const gauge = (name: string, help: string, merge: 'min' | 'max' = 'max') =>
      registry.gauge({ name, help, labels: LABELS, merge });
    const counter = (name: string, help: string, labels: LabelValues = LABELS) =>
      registry.counter({ name, help, labels });
    this.#total = gauge('origin.membership.total', 'Servers of the origin.');
    this.#healthy = gauge(
      'origin.membership.healthy',
      'Servers of the origin that are fit for requests.',
      'min',
    );
    this.#changes = counter('origin.membership.change', 'Times the servers of the origin became others.');
    this.#updates = counter('origin.update', 'Times servers were looked for, by what came of it.', {
      ...LABELS,
      outcome: ['success', 'empty', 'failure'],
    });
    this.#checks = counter('origin.health_check.attempt', 'Health checks that have ended.');
    this.#failures = counter('origin.health_check.failure', 'Health checks that failed, by why.', {
      ...LABELS,
      outcome: ['unhealthy', 'failure', 'timeout'],
    });
    this.#ejected = gauge('origin.outlier_detection.ejections_active', 'Servers that are ejected now.');
    this.#detected = counter('origin.outlier_detection.detected', 'Times a server was an outlier.', byReason);
    this.#enforced = counter('origin.outlier_detection.enforced', 'Times it was ejected for that.', byReason);
    this.#overflows = counter(
      'origin.outlier_detection.overflow',
      'Times it was not, because too many servers were.',
    );
  }

  onMembershipChanged(origin: Origin): void {
    this.#origins.set(origin.name, origin);
    this.#changes.labels(origin.name).inc();
    this.#count(origin.name);
  }

  onDiscovery({ name }: Origin, outcome: DiscoveryOutcome): void {
    this.#updates.labels(name, outcome).inc();
  }

  onHealthCheck({ originName }: OriginServer, outcome: ProbeOutcome): void {
    this.#checks.labels(originName).inc();
    if (outcome !== 'success') this.#failures.labels(originName, outcome).inc();
  }

  onHealthChanged({ originName }: OriginServer): void {
    this.#count(originName);
  }

  onOutlier({ originName }: OriginServer, reason: OutlierReason, isEnforced: boolean): void {
    this.#detected.labels(originName, reason).inc();
    if (!isEnforced) return;
    this.#enforced.labels(originName, reason).inc();
    this.#count(originName);
  }

  onUnejected({ originName }: OriginServer): void {
    this.#count(originName);
  }

  onEjectionOverflow({ originName }: OriginServer): void {
    this.#overflows.labels(originName).inc();
  }

  #count(originName: string): void {
    const origin = this.#origins.get(originName);
    if (origin === undefined) return;
    this.#total.labels(originName).set(origin.servers.length);
    this.#healthy.labels(originName).set(origin.healthyCount);
    this.#ejected.labels(originName).set(origin.ejectedCount);
  }
}
