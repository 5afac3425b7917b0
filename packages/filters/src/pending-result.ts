import type { Timer } from '@sluice/core';
import { isPromise } from './filter-result.ts';
import type { LaterResult, Subscribable } from './filter-result.ts';
import { FilterTimeoutError } from './filter-timeout-error.ts';
import type { SessionContext } from './session-context.ts';

/** Told of the outcome of a {@link PendingResult}: one of the two, once, on the channel's event loop. */
export interface ResultReceiver<T> {
  onResult(value: T | void): void;
  onResultFailure(cause: unknown): void;
}

/** Whose result it is, and how long it may take, in ms. */
interface Deadline {
  readonly name: string;
  readonly timeoutMs: number;
}

/**
 * Waits for what an asynchronous filter or endpoint has promised, up to its deadline.
 *
 * The receiver hears of it later, never within the constructor, and never after {@link cancel}.
 * At the deadline, and when cancelled, the context's signal aborts.
 */
export class PendingResult<T> {
  readonly #context: SessionContext;
  readonly #receiver: ResultReceiver<T>;
  readonly #timer: Timer;
  #subscription: { unsubscribe(): void } | undefined = undefined;
  #isSettled = false;
  #isOver = false;

  constructor(
    result: LaterResult<T>,
    { name, timeoutMs }: Deadline,
    context: SessionContext,
    receiver: ResultReceiver<T>,
  ) {
    this.#context = context;
    this.#receiver = receiver;
    this.#timer = context.channel.eventLoop.schedule(timeoutMs, () =>
      this.#timedOut(new FilterTimeoutError(name, timeoutMs)),
    );
    if (isPromise<T>(result)) result.then(this.#succeeded, this.#failed);
    else this.#subscribe(result);
  }

  /** Nobody wants the result any more. */
  cancel(reason?: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#context.abortCurrent(reason);
  }

  #subscribe(result: Subscribable<T | void>): void {
    this.#subscription = result.subscribe({
      next: this.#succeeded,
      error: this.#failed,
      complete: () => this.#succeeded(undefined),
    });
  }

  readonly #succeeded = (value: T | void): void => {
    this.#settle(() => this.#receiver.onResult(value));
  };

  readonly #failed = (cause: unknown): void => {
    this.#settle(() => this.#receiver.onResultFailure(cause));
  };

  #settle(tell: () => void): void {
    if (this.#isSettled || this.#isOver) return;
    this.#isSettled = true;
    this.#context.channel.eventLoop.execute(() => this.#tell(tell));
  }

  #timedOut(cause: FilterTimeoutError): void {
    if (this.#isOver) return;
    this.cancel(cause);
    this.#guarded(() => this.#receiver.onResultFailure(cause));
  }

  #tell(tell: () => void): void {
    if (this.#isOver) return;
    this.#end();
    this.#guarded(tell);
  }

  // What is thrown here would be thrown to nobody: it counts as an error of the connection.
  #guarded(tell: () => void): void {
    try {
      tell();
    } catch (cause) {
      this.#context.channel.pipeline.fireExceptionCaught(cause);
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#timer.cancel();
    this.#subscription?.unsubscribe();
  }
}
