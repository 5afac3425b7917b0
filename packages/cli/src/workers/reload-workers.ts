import type { ConfigRecord } from '@sluice/config';
import type { SupervisedWorker, WorkerReply, WorkerSupervisor } from '@sluice/workers';
import { ReloadRefusedError } from '../config/reload-refused-error.ts';
import type { GatewayWorkerRequests, PreparedReply } from './worker-messages.ts';

/** Longer than origins may take to be found. */
const PREPARE_TIMEOUT_MS = 30_000;

/**
 * Has all workers go over to a configuration, or none.
 *
 *     prepare in all ─▶ all can ──▶ commit in all ─▶ it is in force, for workers that start later too
 *                   └─▶ one can't ─▶ discard in all ─▶ refused, with its words
 *
 * A worker that ends meanwhile has no say: the next one in its place starts with what is in force.
 */
export class ReloadWorkers {
  readonly #supervisor: WorkerSupervisor<GatewayWorkerRequests>;
  #inForce: ConfigRecord;
  /** What each worker was started with or has gone over to, by its number. */
  readonly #given = new Map<number, ConfigRecord>();

  constructor(supervisor: WorkerSupervisor<GatewayWorkerRequests>, inForce: ConfigRecord) {
    this.#supervisor = supervisor;
    this.#inForce = inForce;
  }

  /** For the worker of this number, which is about to start. */
  give(worker: number): ConfigRecord {
    this.#given.set(worker, this.#inForce);
    return this.#inForce;
  }

  /** Rejects with a {@link ReloadRefusedError}, and then nothing has changed. */
  async reload(record: ConfigRecord): Promise<void> {
    const asked = this.#supervisor.workers.filter(({ isReady }) => isReady);
    if (asked.length === 0) throw new ReloadRefusedError(['No worker is ready.']);
    await this.#prepare(asked, record);
    this.#inForce = record;
    await this.#commit(asked);
    for (const worker of this.#supervisor.workers) {
      if (!asked.includes(worker)) void this.#catchUp(worker);
    }
  }

  async #prepare(workers: readonly SupervisedWorker[], record: ConfigRecord): Promise<void> {
    const options = { workers, timeoutMs: PREPARE_TIMEOUT_MS };
    const replies = await this.#supervisor.request('prepareReload', record, options);
    const refusals = new Set(replies.flatMap(refusalIn));
    if (refusals.size === 0) return;
    await this.#supervisor.request('discardReload', undefined, {
      workers: workers.filter(({ isReady }) => isReady),
    });
    throw new ReloadRefusedError([...refusals]);
  }

  async #commit(workers: readonly SupervisedWorker[]): Promise<void> {
    const alive = workers.filter(({ isReady }) => isReady);
    for (const { worker, error } of await this.#supervisor.request('commitReload', undefined, {
      workers: alive,
    })) {
      if (error === undefined) this.#given.set(worker.id, this.#inForce);
      // What it serves is unknown; the one in its place starts with what is in force.
      else if (worker.isReady) worker.kill();
    }
  }

  /** One that has started while the others went over may have been given what was in force before. */
  async #catchUp(worker: SupervisedWorker): Promise<void> {
    try {
      await worker.ready;
    } catch {
      return;
    }
    if (!worker.isReady || this.#given.get(worker.id) === this.#inForce) return;
    try {
      await this.#prepare([worker], this.#inForce);
    } catch {
      worker.kill();
      return;
    }
    await this.#commit([worker]);
  }
}

/** A worker that has ended has no say, but one that is there and silent has none to give. */
function refusalIn({ worker, value, error }: WorkerReply<PreparedReply>): readonly string[] {
  if (value?.isPrepared === true) return [];
  if (value !== undefined) return [value.why];
  return worker.isReady ? [error?.message ?? 'A worker gave no answer.'] : [];
}
