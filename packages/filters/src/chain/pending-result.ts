import type { Timer } from '@sluice/core';
import { isPromise } from './filter-result.ts';
import type { LaterResult, Subscribable } from './filter-result.ts';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import { FilterTimeoutError } from './filter-timeout-error.ts';
import type { SessionContext } from '../message/session-context.ts';

/** Told of the outcome of a {@link PendingResult}: one of the two, once, on the channel's event loop. */
export interface ResultReceiver<T> {
  onResult(value: T | void): void;
  onResultFailure(cause: unknown): void;
}

/**
 * Waits for what an asynchronous filter or endpoint has promised, up to its deadline.
 *
 * The receiver hears of it later, never within the constructor, and never after {@link cancel}.
 * Until then it counts as one of the calls that are under way.
 * At the deadline, and when cancelled, the context's signal aborts.
 */
export class PendingResult<T> {
  readonly #entry: FilterEntry<unknown>;
  readonly #context: SessionContext;
  readonly #receiver: ResultReceiver<T>;
  #timer: Timer | undefined = undefined;
  #subscription: { unsubscribe(): void } | undefined = undefined;
  #isSettled = false;
  #isOver = false;

  /** Throws what the result throws when it is asked for its value. */
  constructor(
    result: LaterResult<T>,
    entry: FilterEntry<unknown>,
    context: SessionContext,
    receiver: ResultReceiver<T>,
  ) {
    this.#entry = entry;
    this.#context = context;
    this.#receiver = receiver;
    entry.concurrency.enter();
    // Many answer in the turn in which they were asked: a timer for each would cost more than all the rest.
    context.channel.eventLoop.nextTurn(this.#startTimer);
    try {
      if (isPromise<T>(result)) this.#await(result);
      else this.#subscribe(result);
    } catch (cause) {
      // As with promises: who has answered has answered.
      if (this.#isSettled) return;
      this.#end();
      throw cause;
    }
  }

  /** Nobody wants the result any more. */
  cancel(reason?: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#context.abortCurrent(reason);
  }

  readonly #startTimer = (): void => {
    if (this.#isOver) return;
    const { name, timeoutMs } = this.#entry;
    this.#timer = this.#context.channel.eventLoop.schedule(timeoutMs, () =>
      this.#timedOut(new FilterTimeoutError(name, timeoutMs)),
    );
  };

  #await(result: PromiseLike<T | void>): void {
    // A promise tells from a task of its own; whoever else does may be in the midst of anything.
    if (result instanceof Promise) result.then(this.#onResult, this.#onFailure);
    else result.then(...this.#later());
  }

  #subscribe(result: Subscribable<T | void>): void {
    const [next, error] = this.#later();
    this.#subscription = result.subscribe({ next, error, complete: () => next(undefined) });
  }

  /** Who tells of a value and of a failure from a task of their own; the first one counts. */
  #later(): [(value: T | void) => void, (cause: unknown) => void] {
    return [
      (value) => this.#settle(() => this.#onResult(value)),
      (cause) => this.#settle(() => this.#onFailure(cause)),
    ];
  }

  #settle(tell: () => void): void {
    if (this.#isSettled || this.#isOver) return;
    this.#isSettled = true;
    this.#context.channel.eventLoop.execute(tell);
  }

  readonly #onResult = (value: T | void): void => {
    if (this.#isOver) return;
    this.#end();
    // What is thrown here would be thrown to nobody: it counts as an error of the connection.
    try {
      this.#receiver.onResult(value);
    } catch (cause) {
      this.#context.channel.pipeline.fireExceptionCaught(cause);
    }
  };

  readonly #onFailure = (cause: unknown): void => {
    if (this.#isOver) return;
    this.#end();
    this.#fail(cause);
  };

  #timedOut(cause: FilterTimeoutError): void {
    if (this.#isOver) return;
    this.cancel(cause);
    this.#fail(cause);
  }

  #fail(cause: unknown): void {
    try {
      this.#receiver.onResultFailure(cause);
    } catch (second) {
      this.#context.channel.pipeline.fireExceptionCaught(second);
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#entry.concurrency.leave();
    try {
      this.#subscription?.unsubscribe();
    } catch (err) {
      // Its result counts all the same.
      const fields = { err, filter: this.#entry.name };
      this.#context.channel.logger.warn(fields, 'The Observable of a filter threw when it was unsubscribed.');
    }
  }
}
