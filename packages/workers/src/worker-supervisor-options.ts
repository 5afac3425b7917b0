/** Options of a {@link WorkerSupervisor}. */
export class WorkerSupervisorOptions {
  /** How many workers run. */
  readonly workers: number = 1;
  /** How long a worker may take until it is ready; then it is killed, in ms. */
  readonly startTimeoutMs: number = 30_000;
  /** How long a worker that was told to drain may take to end; then it is killed, in ms. */
  readonly drainTimeoutMs: number = 35_000;
  /** How long a worker that has said that it was drained may take to end; then it is killed, in ms. */
  readonly endTimeoutMs: number = 2_000;
  /** A worker whose event loop stands still for so long is killed, in ms; 0 lets it. */
  readonly hungTimeoutMs: number = 5_000;
  /** How long a request to a worker may take, in ms. */
  readonly requestTimeoutMs: number = 1_000;
  /** The wait before the first restart, in ms; it doubles with each further one. */
  readonly minBackoffMs: number = 100;
  /** The longest wait before a restart, in ms. */
  readonly maxBackoffMs: number = 10_000;
  /** A worker that ran so long is restarted as if it were the first time, in ms. */
  readonly stableMs: number = 60_000;
  /** So many starts of one worker in a row that fail end the program. */
  readonly maxStartFailures: number = 5;
}
