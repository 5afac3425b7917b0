import type { FromWorker, StartFailure, ToWorker } from './messages.ts';
import type { AnyWorkerRequests, WorkerRequests } from './worker-request.ts';

/** The part of `process` that a worker talks to its supervisor through. */
export interface WorkerChannel {
  on(event: 'message', listener: (message: ToWorker) => void): unknown;
  send?(
    message: FromWorker,
    handle: undefined,
    options: object,
    sent: (error: Error | null) => void,
  ): unknown;
}

/** The worker's end of the way to its supervisor. `Requests`: what it can be asked. */
export class WorkerLink<Requests extends WorkerRequests<Requests> = AnyWorkerRequests> {
  /** Resolves to what the supervisor tells a worker at its start. */
  readonly startData: Promise<unknown>;
  readonly #channel: WorkerChannel;
  readonly #answers = new Map<string, (data: unknown) => unknown>();
  readonly #signals = new Map<string, () => void>();
  #settleStart: (data: unknown) => void = () => {};
  #onDrain: () => void = () => {};

  /** `channel` is `process`, in a process that was made by `fork`. */
  constructor(channel: WorkerChannel) {
    this.#channel = channel;
    this.startData = new Promise((resolve) => (this.#settleStart = resolve));
    channel.on('message', (message) => this.#received(message));
    void this.#send({ type: 'hello' });
  }

  /** What answers a request of this name. What it throws is told by its message. */
  onRequest<Name extends keyof Requests & string>(
    name: Name,
    answer: (data: Requests[Name]['data']) => Requests[Name]['reply'] | Promise<Requests[Name]['reply']>,
  ): void {
    this.#answers.set(name, answer);
  }

  /** What is to be done when a signal is passed on; without it nothing is. */
  onSignal(signal: NodeJS.Signals, listener: () => void): void {
    this.#signals.set(signal, listener);
  }

  /** What is to be done to end without losing a request; it may be asked for more than once. */
  onDrain(listener: () => void): void {
    this.#onDrain = listener;
  }

  /** It serves. `info` is for who announces it. */
  ready(info: unknown): Promise<void> {
    return this.#send({ type: 'ready', info });
  }

  /** It can't start, for a reason that a person can mend. Resolves when that is told. */
  failed(failure: StartFailure): Promise<void> {
    return this.#send({ type: 'failed', failure });
  }

  /** It has lost nothing and ends. Resolves when that is told. */
  drained(report: unknown): Promise<void> {
    return this.#send({ type: 'drained', report });
  }

  #received(message: ToWorker): void {
    if (message.type === 'start') this.#settleStart(message.data);
    else if (message.type === 'drain') this.#onDrain();
    else if (message.type === 'ping') void this.#send({ type: 'pong' });
    else if (message.type === 'signal') this.#signals.get(message.signal)?.();
    else void this.#answer(message);
  }

  async #answer({ id, name, data }: Extract<ToWorker, { type: 'request' }>): Promise<void> {
    try {
      const answer = this.#answers.get(name);
      if (answer === undefined) throw new Error(`A worker has no answer to "${name}".`);
      await this.#send({ type: 'reply', id, value: await answer(data) });
    } catch (cause) {
      await this.#send({ type: 'reply', id, error: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  // A supervisor that is gone hears nothing, and its workers end by that.
  #send(message: FromWorker): Promise<void> {
    return new Promise((resolve) => {
      if (this.#channel.send === undefined) resolve();
      else this.#channel.send(message, undefined, {}, () => resolve());
    });
  }
}
