import type { WorkerSupervisorOptions } from './worker-supervisor-options.ts';

type BackoffOptions = Pick<WorkerSupervisorOptions, 'minBackoffMs' | 'maxBackoffMs' | 'stableMs'>;

/** How long to wait before a worker is started again: ever longer, until one has run for a while. */
export class RestartBackoff {
  readonly #options: BackoffOptions;
  #nextMs: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#nextMs = options.minBackoffMs;
  }

  /** The wait after a worker that ran for `ranMs`. */
  next(ranMs: number): number {
    const { minBackoffMs, maxBackoffMs, stableMs } = this.#options;
    const delayMs = ranMs >= stableMs ? minBackoffMs : this.#nextMs;
    this.#nextMs = Math.min(delayMs * 2, maxBackoffMs);
    return delayMs;
  }
}
