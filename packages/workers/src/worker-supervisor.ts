import { SystemClock } from '@sluice/core';
import type { Clock, Logger } from '@sluice/core';
import type { SupervisedWorker, WorkerEnd, WorkerSurroundings } from './supervised-worker.ts';
import { WorkerError } from './worker-error.ts';
import type {
  AnyWorkerRequests,
  WorkerReply,
  WorkerRequestArguments,
  WorkerRequests,
} from './worker-request.ts';
import { WorkerSlot } from './worker-slot.ts';
import type { WorkerSlotListener } from './worker-slot.ts';
import { WorkerSupervisorOptions } from './worker-supervisor-options.ts';

/** What a {@link WorkerSupervisor} works with. */
export interface WorkerSupervisorSettings extends Pick<WorkerSurroundings, 'startProcess' | 'startData'> {
  readonly options?: Partial<WorkerSupervisorOptions>;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Told of the end of each worker, asked for or not. */
  readonly onEnd?: (worker: SupervisedWorker, end: WorkerEnd) => void;
  /** Told once that a worker can't be kept running; the others still serve. */
  readonly onFailure?: (error: WorkerError) => void;
}

/**
 * Keeps a number of worker processes running.
 *
 *     start() ─▶ slot 1 ─▶ worker: starting ─▶ ready ─▶ draining ─▶ ended
 *                slot 2 ─▶ …                     └─ crash ─▶ back-off ─▶ another worker
 *
 * What the processes are and what they do is not its matter: see {@link StartWorkerProcess}; nor what
 * they can be asked, `Requests`.
 */
export class WorkerSupervisor<Requests extends WorkerRequests<Requests> = AnyWorkerRequests> {
  readonly #slots: readonly WorkerSlot[];
  readonly #logger: Logger;
  readonly #onEnd: (worker: SupervisedWorker, end: WorkerEnd) => void;
  readonly #onFailure: (error: WorkerError) => void;
  readonly #infos = new Map<number, unknown>();
  #starting: Starting | undefined = undefined;
  #restarting: Promise<void> | undefined = undefined;
  #restarts = 0;
  #isStopping = false;

  constructor(settings: WorkerSupervisorSettings) {
    const options = { ...new WorkerSupervisorOptions(), ...settings.options };
    const surroundings = { ...settings, options, clock: settings.clock ?? new SystemClock() };
    this.#logger = settings.logger;
    this.#onEnd = settings.onEnd ?? (() => {});
    this.#onFailure = settings.onFailure ?? (() => {});
    this.#slots = Array.from(
      { length: options.workers },
      (_, at) => new WorkerSlot(at + 1, surroundings, this.#slotListener),
    );
  }

  /** How many workers there should be. */
  get size(): number {
    return this.#slots.length;
  }

  /** Workers that have not ended. */
  get workers(): readonly SupervisedWorker[] {
    return this.#slots.flatMap(({ workers }) => workers);
  }

  /** How often another worker was started, or is about to be, for one that ended unasked. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Starts all workers; resolves when all are ready, to what they say of themselves, in their order.
   * Rejects with a {@link WorkerError}, and ends all, when one says that it can't start or fails too
   * often. When it is told to drain or kill them before that, it resolves to what those say that are ready.
   */
  start(): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
      for (const slot of this.#slots) slot.start();
    });
  }

  /**
   * Puts another worker in the place of each, one after the other: the old one is drained when the
   * new one is ready, and the next is not touched before it has ended. Rejects with a
   * {@link WorkerError} at the first that can't start; its old one, and those behind it, serve on.
   * While one restart is under way, it is the one that is returned.
   */
  restart(): Promise<void> {
    this.#restarting ??= this.#restartAll().finally(() => (this.#restarting = undefined));
    return this.#restarting;
  }

  /** Drains all workers at once; resolves when all have ended. */
  async drain(): Promise<void> {
    this.#isStopping = true;
    this.#endStart(undefined);
    await Promise.all(this.#slots.map((slot) => slot.drain()));
  }

  /** Ends all workers at once. */
  kill(): void {
    this.#isStopping = true;
    this.#endStart(undefined);
    for (const slot of this.#slots) slot.kill();
  }

  /** Passes a signal on to all workers, as a message: one that has no listener for it is not ended by it. */
  signal(signal: NodeJS.Signals): void {
    for (const worker of this.workers) worker.signal(signal);
  }

  /** Asks every worker that has been ready and not ended. One that does not answer is in the log. */
  request<Name extends keyof Requests & string>(
    name: Name,
    ...[data, options = {}]: WorkerRequestArguments<Requests[Name]['data']>
  ): Promise<readonly WorkerReply<Requests[Name]['reply']>[]> {
    const { timeoutMs, workers = this.workers.filter(({ isServing }) => isServing) } = options;
    return Promise.all(workers.map((worker) => this.#ask(worker, name, data, timeoutMs)));
  }

  // What comes back is what a worker of the same program says.
  async #ask<Reply>(
    worker: SupervisedWorker,
    name: string,
    data: unknown,
    timeoutMs: number | undefined,
  ): Promise<WorkerReply<Reply>> {
    try {
      const value = (await worker.request(name, data, timeoutMs)) as Reply;
      return { worker, value, error: undefined };
    } catch (cause) {
      const error = cause instanceof WorkerError ? cause : new WorkerError(String(cause));
      this.#logger.warn(
        { worker: worker.id, pid: worker.pid, request: name, err: error },
        'A worker gave no answer.',
      );
      return { worker, value: undefined, error };
    }
  }

  async #restartAll(): Promise<void> {
    for (const slot of this.#slots) {
      if (this.#isStopping) return;
      await slot.replace();
    }
  }

  readonly #slotListener: WorkerSlotListener = {
    workerReady: (worker, info) => {
      this.#logger.info({ worker: worker.id, pid: worker.pid }, 'A worker is ready.');
      this.#infos.set(worker.id, info);
      if (this.#infos.size === this.#slots.length) this.#endStart(undefined);
    },
    workerEnded: (worker, end, restartMs) => {
      this.#onEnd(worker, end);
      const { code, signal, failure } = end;
      const fields = { worker: worker.id, pid: worker.pid, code, signal, restartMs };
      if (restartMs === undefined) {
        this.#logger.info(fields, 'A worker has ended.');
        return;
      }
      // What a worker says of its configuration won't change by itself.
      if (failure !== undefined && this.#starting) {
        this.#endStart(new WorkerError(failure.message, failure.exitCode));
        return;
      }
      this.#restarts++;
      this.#logger.error(
        {
          ...fields,
          reason: end.wasHung ? 'Its event loop stood still, so it was killed.' : failure?.message,
        },
        'A worker ended unasked. Another is started.',
      );
    },
    slotFailed: (error) => {
      if (this.#starting) this.#endStart(error);
      else if (!this.#isStopping) this.#onFailure(error);
    },
  };

  #endStart(error: WorkerError | undefined): void {
    const starting = this.#starting;
    this.#starting = undefined;
    if (error === undefined) {
      starting?.resolve([...this.#infos].toSorted(([a], [b]) => a - b).map(([, info]) => info));
      return;
    }
    this.kill();
    starting?.reject(error);
  }
}

interface Starting {
  readonly resolve: (infos: readonly unknown[]) => void;
  readonly reject: (error: WorkerError) => void;
}
