import type { Logger } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import type { WorkerEnd, WorkerError, WorkerSupervisor } from '@sluice/workers';
import { ADMIN_DRAIN } from '../reference/drain-options.ts';
import { EXIT_CODES } from '../program/program-signals.ts';
import type { ProgramSignals } from '../program/program-signals.ts';
import type { DrainedWorker, GatewayWorkerRequests } from './worker-messages.ts';

/**
 * Does for all workers what signals and the operator ask of the program: drains them and ends at
 * SIGTERM, SIGINT or when the operator asks for it, ends at once at a signal while they drain, passes
 * SIGUSR1 on, and changes the workers for new ones at SIGUSR2.
 */
export class PrimarySignals {
  readonly #signals: ProgramSignals;
  readonly #logger: Logger;
  #supervisor: WorkerSupervisor<GatewayWorkerRequests> | undefined = undefined;
  #origins: readonly Gateway[] = [];
  #admin: Gateway | undefined = undefined;
  #changes: readonly ({ close(): void } | undefined)[] = [];
  #isStopping = false;
  #connections = 0;
  #forced = 0;

  constructor(signals: ProgramSignals, logger: Logger) {
    this.#signals = signals;
    this.#logger = logger;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** From before the workers start. `origins` are those of this process, which are stopped when the workers have ended. */
  listen(supervisor: WorkerSupervisor<GatewayWorkerRequests>, origins: readonly Gateway[]): void {
    this.#supervisor = supervisor;
    this.#origins = origins;
    this.#signals.on('SIGTERM', () => this.#stop('SIGTERM'));
    this.#signals.on('SIGINT', () => this.#stop('SIGINT'));
    this.#signals.on('SIGUSR1', () => supervisor.signal('SIGUSR1'));
  }

  /** Takes what changes workers, when all of them are ready. `reload` is for SIGHUP, where there is a configuration to read again. */
  changeWorkers(supervisor: WorkerSupervisor<GatewayWorkerRequests>, reload: (() => void) | undefined): void {
    if (reload !== undefined) this.#signals.on('SIGHUP', reload);
    this.#signals.on('SIGUSR2', () => void this.#restart(supervisor));
  }

  /** Has what would change workers closed when a drain begins, at once when it has: from then on it is for nobody. */
  closeAtDrain(...changes: readonly ({ close(): void } | undefined)[]): void {
    this.#changes = changes;
    if (this.#isStopping) this.#closeChanges();
  }

  /** Starts the operator's listener, which is there for as long as anything is and may ask for a drain. */
  async operate(admin: Gateway, drainRequested: AbortSignal): Promise<void> {
    drainRequested.addEventListener('abort', () => {
      if (!this.#isStopping) this.#begin({ admin: '/drain' });
    });
    await admin.start();
    this.#admin = admin;
    // The drain that began while it started may be over, and would leave it.
    if (this.#isStopping) await admin.stop();
  }

  /** Counts what its drain came to. */
  workerEnded({ report }: WorkerEnd): void {
    const drain = (report as DrainedWorker | undefined)?.drain;
    this.#connections += drain?.connections ?? 0;
    this.#forced += drain?.forced ?? 0;
  }

  /** A worker can't be kept running: the program ends, without losing what the others serve. */
  failed(error: WorkerError): void {
    if (this.#isStopping) return;
    console.error(error.message);
    process.exitCode = error.exitCode;
    this.#isStopping = true;
    void this.#drain();
  }

  #stop(signal: keyof typeof EXIT_CODES): void {
    if (!this.#isStopping) {
      this.#begin({ signal });
      return;
    }
    this.#supervisor?.kill();
    process.exit(EXIT_CODES[signal]);
  }

  #begin(why: object): void {
    this.#isStopping = true;
    // Said here, for workers that had not all started are not waited for.
    process.exitCode = 0;
    this.#logger.info(why, 'Draining: no new connections. A signal ends the program at once.');
    void this.#drain();
  }

  async #drain(): Promise<void> {
    [this.#connections, this.#forced] = [0, 0];
    this.#closeChanges();
    await this.#supervisor?.drain();
    await Promise.all(this.#origins.map((gateway) => gateway.stop()));
    await this.#admin?.drain(ADMIN_DRAIN);
    const report = { connections: this.#connections, forced: this.#forced };
    if (report.forced > 0) this.#logger.warn(report, 'Drained; connections were closed before their end.');
    else this.#logger.info(report, 'Drained.');
  }

  #closeChanges(): void {
    for (const change of this.#changes) change?.close();
  }

  async #restart(supervisor: WorkerSupervisor<GatewayWorkerRequests>): Promise<void> {
    try {
      await supervisor.restart();
      this.#logger.info({ workers: supervisor.size }, 'All workers are new.');
    } catch (cause) {
      this.#logger.error({ err: cause }, 'Workers were not changed for new ones: one could not start.');
    }
  }
}
