import type { Timer } from '@sluice/core';
import { RestartBackoff } from './restart-backoff.ts';
import { SupervisedWorker } from './supervised-worker.ts';
import type { WorkerEnd, WorkerSurroundings } from './supervised-worker.ts';
import { WorkerError } from './worker-error.ts';

/** Hears what becomes of the workers of a slot. */
export interface WorkerSlotListener {
  /** A worker is ready; `info` is what it says of itself. */
  workerReady(worker: SupervisedWorker, info: unknown): void;
  /** A worker has ended; `restartMs` says when another is started in its place, undefined that none is. */
  workerEnded(worker: SupervisedWorker, end: WorkerEnd, restartMs: number | undefined): void;
  /** No further worker is started: too many could not start. */
  slotFailed(error: WorkerError): void;
}

/** The place of one worker: keeps one running in it, and changes it for another. */
export class WorkerSlot {
  readonly #id: number;
  readonly #surroundings: WorkerSurroundings;
  readonly #listener: WorkerSlotListener;
  readonly #backoff: RestartBackoff;
  readonly #alive = new Set<SupervisedWorker>();
  #current: SupervisedWorker | undefined = undefined;
  #replacement: SupervisedWorker | undefined = undefined;
  #restart: Timer | undefined = undefined;
  #startFailures = 0;
  #isStopping = false;

  constructor(id: number, surroundings: WorkerSurroundings, listener: WorkerSlotListener) {
    this.#id = id;
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#backoff = new RestartBackoff(surroundings.options);
  }

  /** Those that have not ended: the one that serves, and those that it replaces or that replace it. */
  get workers(): readonly SupervisedWorker[] {
    return [...this.#alive];
  }

  start(): void {
    this.#current = this.#startWorker();
  }

  /**
   * Starts another worker, and drains the present one when that is ready. Resolves when the old one
   * has ended; rejects with a {@link WorkerError}, and keeps the old one, when the new one can't start.
   */
  async replace(): Promise<void> {
    this.#restart?.cancel();
    this.#replacement = this.#startWorker();
    try {
      await this.#replacement.ready;
    } finally {
      await this.#endReplacement(this.#replacement);
    }
  }

  /** Drains all workers of the slot and starts no more; resolves when all have ended. */
  async drain(): Promise<void> {
    this.#isStopping = true;
    this.#restart?.cancel();
    const workers = this.workers;
    for (const worker of workers) worker.drain();
    await Promise.all(workers.map(({ ended }) => ended));
  }

  kill(): void {
    this.#isStopping = true;
    this.#restart?.cancel();
    for (const worker of this.#alive) worker.kill();
  }

  async #endReplacement(replacement: SupervisedWorker): Promise<void> {
    this.#replacement = undefined;
    const old = this.#current;
    if (replacement.isReady) {
      this.#current = replacement;
      old?.drain();
      await old?.ended;
    } else if (old === undefined && !this.#isStopping) {
      this.#restartIn(this.#backoff.next(0));
    }
  }

  #startWorker(): SupervisedWorker {
    const worker = new SupervisedWorker(this.#id, this.#surroundings);
    this.#alive.add(worker);
    void this.#awaitReady(worker);
    void worker.ended.then((end) => this.#ended(worker, end));
    return worker;
  }

  async #awaitReady(worker: SupervisedWorker): Promise<void> {
    let info: unknown;
    try {
      info = await worker.ready;
    } catch {
      // Its end tells the rest.
      return;
    }
    this.#startFailures = 0;
    this.#listener.workerReady(worker, info);
  }

  #ended(worker: SupervisedWorker, end: WorkerEnd): void {
    this.#alive.delete(worker);
    const isCurrent = this.#current === worker;
    // A replacement that could not be started says nothing against the worker that goes on.
    if (isCurrent && !end.wasReady) this.#startFailures++;
    if (isCurrent) this.#current = undefined;
    const isMissed = isCurrent && !this.#isStopping && this.#replacement === undefined;
    const hasFailed = isMissed && this.#startFailures >= this.#surroundings.options.maxStartFailures;
    const restartMs = isMissed && !hasFailed ? this.#backoff.next(end.ranMs) : undefined;
    this.#listener.workerEnded(worker, end, restartMs);
    if (hasFailed) this.#listener.slotFailed(this.#failure(end));
    // The listener may have stopped the slot.
    else if (restartMs !== undefined && !this.#isStopping) this.#restartIn(restartMs);
  }

  #restartIn(delayMs: number): void {
    this.#restart = this.#surroundings.clock.schedule(delayMs, () => this.start());
  }

  #failure({ failure, code, signal }: WorkerEnd): WorkerError {
    const how =
      failure?.message ?? `It ended ${signal === undefined ? `with code ${code}` : `by ${signal}`}.`;
    return new WorkerError(
      `Worker ${this.#id} could not be started, ${this.#startFailures} times in a row. ${how}`,
      failure?.exitCode,
    );
  }
}
