import type { Clock, Timer } from '@sluice/core';
import type { FromWorker, StartFailure } from './messages.ts';
import { HungWorkerWatch } from './hung-worker-watch.ts';
import { PendingReplies } from './pending-replies.ts';
import { WorkerError } from './worker-error.ts';
import type { ProcessExit, StartWorkerProcess, WorkerProcess } from './worker-process.ts';
import type { WorkerSupervisorOptions } from './worker-supervisor-options.ts';

/** How the life of a worker went. */
export interface WorkerEnd extends ProcessExit {
  readonly wasReady: boolean;
  readonly ranMs: number;
  /** Why it did not start, when it could say so. */
  readonly failure: StartFailure | undefined;
  /** Whether it was killed because its event loop stood still. */
  readonly wasHung: boolean;
  /** What it said last, when it was drained to its end. */
  readonly report: unknown;
}

/** What a worker needs of its supervisor. */
export interface WorkerSurroundings {
  readonly startProcess: StartWorkerProcess;
  /** What a worker is told at its start. */
  readonly startData: (id: number) => unknown;
  readonly clock: Clock;
  readonly options: WorkerSupervisorOptions;
}

/** One worker process from its start to its end. */
export class SupervisedWorker {
  /** Its number, from 1; a worker that takes the place of another has the same. */
  readonly id: number;
  /** Resolves to what the worker says of itself; rejects with a {@link WorkerError} when it ends before that. */
  readonly ready: Promise<unknown>;
  readonly ended: Promise<WorkerEnd>;
  readonly #process: WorkerProcess;
  readonly #clock: Clock;
  readonly #options: WorkerSupervisorOptions;
  readonly #replies: PendingReplies;
  readonly #startedAt: number;
  readonly #startData: (id: number) => unknown;
  #state: 'starting' | 'ready' | 'draining' | 'ended' = 'starting';
  #wasReady = false;
  #timer: Timer;
  #failure: StartFailure | undefined = undefined;
  #hungWatch: HungWorkerWatch | undefined = undefined;
  #wasHung = false;
  #report: unknown = undefined;
  #settleReady: (info: unknown) => void = () => {};
  #refuseReady: (cause: WorkerError) => void = () => {};
  #settleEnded: (end: WorkerEnd) => void = () => {};

  constructor(id: number, { startProcess, startData, clock, options }: WorkerSurroundings) {
    this.id = id;
    this.#clock = clock;
    this.#options = options;
    this.#replies = new PendingReplies(clock);
    this.#startedAt = clock.now();
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = resolve;
      this.#refuseReady = reject;
    });
    this.ready.catch(() => {});
    this.ended = new Promise((resolve) => (this.#settleEnded = resolve));
    this.#timer = clock.schedule(options.startTimeoutMs, () => this.#startTimedOut());
    this.#startData = startData;
    this.#process = startProcess(id, {
      received: (message) => this.#received(message),
      exited: (exit) => this.#exited(exit),
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Whether it has requests of clients: also while it is drained. */
  get isServing(): boolean {
    return this.#state === 'ready' || this.#state === 'draining';
  }

  /** Rejects with a {@link WorkerError} when there is no answer in time, or it is an error. */
  request(
    name: string,
    data?: unknown,
    timeoutMs: number = this.#options.requestTimeoutMs,
  ): Promise<unknown> {
    if (!this.isServing) {
      return Promise.reject(new WorkerError(`Worker ${this.id} is not ready for "${name}".`));
    }
    return this.#replies.open(name, timeoutMs, (id) =>
      this.#process.send({ type: 'request', id, name, data }),
    );
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#state !== 'ended') this.#process.send({ type: 'signal', signal });
  }

  /** Has it end without losing a request; one that has not begun to serve is killed. */
  drain(): void {
    if (this.#state === 'starting') this.kill();
    if (this.#state !== 'ready') return;
    this.#state = 'draining';
    this.#process.send({ type: 'drain' });
    this.#timer = this.#clock.schedule(this.#options.drainTimeoutMs, () => this.kill());
  }

  kill(): void {
    if (this.#state !== 'ended') this.#process.kill();
  }

  #received(message: FromWorker): void {
    this.#hungWatch?.answered();
    if (message.type === 'hello') this.#process.send({ type: 'start', data: this.#startData(this.id) });
    else if (message.type === 'ready') this.#becameReady(message.info);
    else if (message.type === 'failed') this.#failure = message.failure;
    else if (message.type === 'drained') this.#drained(message.report);
    else if (message.type === 'reply') this.#replies.settle(message);
  }

  #drained(report: unknown): void {
    this.#report = report;
    this.#timer.cancel();
    this.#timer = this.#clock.schedule(this.#options.endTimeoutMs, () => this.kill());
  }

  #becameReady(info: unknown): void {
    if (this.#state !== 'starting') return;
    this.#timer.cancel();
    this.#state = 'ready';
    this.#wasReady = true;
    this.#watch();
    this.#settleReady(info);
  }

  #watch(): void {
    const { hungTimeoutMs } = this.#options;
    if (hungTimeoutMs <= 0) return;
    const ask = (): void => this.#process.send({ type: 'ping' });
    this.#hungWatch = new HungWorkerWatch(this.#clock, hungTimeoutMs, ask, () => {
      this.#wasHung = true;
      this.kill();
    });
  }

  #startTimedOut(): void {
    const message = `Worker ${this.id} was not ready within ${this.#options.startTimeoutMs} ms.`;
    this.#failure ??= { message, exitCode: 1 };
    this.kill();
  }

  #exited({ code, signal }: ProcessExit): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#timer.cancel();
    this.#hungWatch?.cancel();
    this.#replies.close();
    const [failure, report] = [this.#failure, this.#report];
    const how = signal === undefined ? `with code ${code}` : `by ${signal}`;
    const message = failure?.message ?? `Worker ${this.id} ended ${how} before it was ready.`;
    this.#refuseReady(new WorkerError(message, failure?.exitCode));
    const ranMs = this.#clock.now() - this.#startedAt;
    const [wasReady, wasHung] = [this.#wasReady, this.#wasHung];
    this.#settleEnded({ code, signal, wasReady, wasHung, ranMs, failure, report });
  }
}
