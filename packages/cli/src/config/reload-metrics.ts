import type { Counter, Gauge, MetricsRegistry } from '@sluice/handler-metrics';

/** How reloads of the configuration went. */
export class ReloadMetrics {
  readonly #succeeded: Counter;
  readonly #failed: Counter;
  readonly #isGood: Gauge;

  constructor(metrics: MetricsRegistry) {
    const counter = (name: string, help: string): Counter => metrics.counter({ name, help }).labels();
    this.#succeeded = counter('config.reload.success', 'Changed configurations that were put in use.');
    this.#failed = counter('config.reload.failure', 'Changed configurations that were refused.');
    this.#isGood = metrics
      .gauge({
        name: 'config.last_reload_successful',
        help: '1 when what the file says is in use, else 0.',
        merge: 'min',
      })
      .labels();
    this.#isGood.set(1);
  }

  succeeded(): void {
    this.#succeeded.inc();
    this.#isGood.set(1);
  }

  failed(): void {
    this.#failed.inc();
    this.#isGood.set(0);
  }

  /** The file says again what is in use. */
  isGood(): void {
    this.#isGood.set(1);
  }
}
