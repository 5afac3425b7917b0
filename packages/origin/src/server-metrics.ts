import type { DiscoveryOutcome } from '@sluice/discovery';
import { HttpMetrics } from '@sluice/handler-metrics';
import type { Counter, Gauge, LabelValues, MetricFamily, MetricsRegistry } from '@sluice/handler-metrics';
import type { OutlierReason } from './health/outlier-monitor.ts';
import type { ProbeOutcome } from './health/health-probe.ts';
import type { OriginListener } from './origin-listener.ts';
import { OriginMetrics } from './origin-metrics.ts';
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

/**
 * Exposes what becomes of origins that are in use, and of their servers, with the origin's name as
 * `id`. Several of one name, of which the earlier ones serve their last requests, share their figures.
 */
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
  readonly #registry: MetricsRegistry;
  /** Those in use by name, the latest last. */
  readonly #origins = new Map<string, readonly Origin[]>();

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
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

  /** The origin is in use: figures under its name are of this one. Does nothing when they are. */
  expose(origin: Origin): void {
    const { name, servers } = origin;
    const others = this.#of(name);
    if (others.includes(origin)) return;
    this.#origins.set(name, [...others, origin]);
    origin.resources.expose(OriginMetrics.of(this.#registry, name));
    // Those that it was made with, and those that were found before it was in use.
    this.#changes.labels(name).inc(servers.length > 0 ? 1 : 0);
    this.#count(name);
  }

  /** The origin is closed: its figures go with the last one of its name. */
  remove(origin: Origin): void {
    const { name, resources } = origin;
    const others = this.#of(name).filter((other) => other !== origin);
    resources.unexpose();
    const latest = others.at(-1);
    if (latest === undefined) {
      this.#forget(origin);
      return;
    }
    this.#origins.set(name, others);
    latest.resources.expose(latest.resources.metrics);
    this.#count(name);
  }

  onMembershipChanged(origin: Origin): void {
    if (!this.#of(origin.name).includes(origin)) return;
    this.#changes.labels(origin.name).inc();
    this.#count(origin.name);
  }

  onDiscovery(origin: Origin, outcome: DiscoveryOutcome): void {
    const { name } = origin;
    if (this.#of(name).includes(origin)) this.#updates.labels(name, outcome).inc();
  }

  onHealthCheck(server: OriginServer, outcome: ProbeOutcome): void {
    const { originName } = server;
    if (!this.#isInUse(server)) return;
    this.#checks.labels(originName).inc();
    if (outcome !== 'success') this.#failures.labels(originName, outcome).inc();
  }

  onHealthChanged({ originName }: OriginServer): void {
    this.#count(originName);
  }

  onOutlier(server: OriginServer, reason: OutlierReason, isEnforced: boolean): void {
    const { originName } = server;
    if (!this.#isInUse(server)) return;
    this.#detected.labels(originName, reason).inc();
    if (!isEnforced) return;
    this.#enforced.labels(originName, reason).inc();
    this.#count(originName);
  }

  onUnejected({ originName }: OriginServer): void {
    this.#count(originName);
  }

  onEjectionOverflow(server: OriginServer): void {
    if (this.#isInUse(server)) this.#overflows.labels(server.originName).inc();
  }

  #of(originName: string): readonly Origin[] {
    return this.#origins.get(originName) ?? [];
  }

  #isInUse(server: OriginServer): boolean {
    return this.#of(server.originName).some((origin) => origin.poolOf(server) !== undefined);
  }

  #forget({ name, resources }: Origin): void {
    if (!this.#origins.delete(name)) return;
    resources.metrics.remove();
    HttpMetrics.remove(this.#registry, 'client', name);
    for (const family of this.#families) family.remove('id', name);
  }

  get #families(): readonly MetricFamily<unknown>[] {
    const gauges = [this.#total, this.#healthy, this.#ejected];
    const counters = [this.#changes, this.#updates, this.#checks, this.#failures];
    return [...gauges, ...counters, this.#detected, this.#enforced, this.#overflows];
  }

  #count(originName: string): void {
    const origin = this.#of(originName).at(-1);
    if (origin === undefined) return;
    this.#total.labels(originName).set(origin.servers.length);
    this.#healthy.labels(originName).set(origin.healthyCount);
    this.#ejected.labels(originName).set(origin.ejectedCount);
  }
}
