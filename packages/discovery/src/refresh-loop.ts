import type { Timer } from '@sluice/core';
import type { RefreshOptions } from './refresh-options.ts';
import type { DiscoveryServices } from './server-discovery.ts';

/** Asks again and again, one question at a time: when an answer has aged, or a while after a failure. */
export class RefreshLoop {
  readonly #ask: () => Promise<number | undefined>;
  readonly #onFailure: (cause: unknown) => void;
  readonly #options: RefreshOptions;
  readonly #services: DiscoveryServices;
  #timer: Timer | undefined = undefined;
  #failures = 0;
  #isStopped = false;

  /** `ask` tells for how many ms its answer holds, if it knows. */
  constructor(
    ask: () => Promise<number | undefined>,
    onFailure: (cause: unknown) => void,
    options: RefreshOptions,
    services: DiscoveryServices,
  ) {
    this.#ask = ask;
    this.#onFailure = onFailure;
    this.#options = options;
    this.#services = services;
  }

  start(): this {
    void this.#run();
    return this;
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    const delayMs = await this.#ask().then(
      (validMs) => this.#afterAnswer(validMs),
      (cause: unknown) => this.#afterFailure(cause),
    );
    if (this.#isStopped) return;
    const { clock, random = Math.random } = this.#services;
    this.#timer = clock.schedule(delayMs + random() * this.#options.jitterMs, () => void this.#run());
  }

  #afterAnswer(validMs: number | undefined): number {
    const { minRefreshMs, maxRefreshMs, unknownTtlMs } = this.#options;
    this.#failures = 0;
    return Math.min(maxRefreshMs, Math.max(minRefreshMs, validMs ?? unknownTtlMs));
  }

  #afterFailure(cause: unknown): number {
    const { minRefreshMs, maxFailureRefreshMs } = this.#options;
    if (!this.#isStopped) this.#onFailure(cause);
    return Math.min(maxFailureRefreshMs, minRefreshMs * 2 ** this.#failures++);
  }
}
