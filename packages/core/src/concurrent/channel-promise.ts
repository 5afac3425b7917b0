import type { Channel } from '../channel/channel.ts';
import { CancellationError, ChannelPipelineError } from '../errors.ts';

export type ChannelFutureListener = (future: ChannelFuture) => void;

/**
 * The outcome of an operation on a channel, known now or later.
 *
 * Listeners are called synchronously at the moment of completion, in the order in which they
 * were added; that keeps the order of events that native promises, which react in a later
 * microtask, would lose. It is not thenable on purpose: use {@link toPromise} to await it.
 */
export interface ChannelFuture {
  readonly channel: Channel;
  readonly isDone: boolean;
  readonly isSuccess: boolean;
  readonly isCancelled: boolean;
  /** Why it failed; undefined while it is open or when it succeeded. */
  readonly cause: unknown;
  /** Called when the future is done; at once when it is done already. A listener's error is logged. */
  addListener(listener: ChannelFutureListener): this;
  /** Resolves with nothing, or rejects with the cause. */
  toPromise(): Promise<void>;
}

const OPEN = 0;
const UNCANCELLABLE = 1;
const SUCCESS = 2;
const FAILURE = 3;

// Listeners that complete other promises nest. Deeper than this they wait until the outermost
// completion is through, to spare the stack.
const MAX_LISTENER_DEPTH = 8;
let listenerDepth = 0;
const deferred: ChannelPromise[] = [];

/** A {@link ChannelFuture} that the one who carries out the operation completes. */
export class ChannelPromise implements ChannelFuture {
  readonly channel: Channel;
  #state = OPEN;
  #cause: unknown = undefined;
  #listener: ChannelFutureListener | undefined = undefined;
  #moreListeners: ChannelFutureListener[] | undefined = undefined;
  #notifying = false;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  get isDone(): boolean {
    return this.#state >= SUCCESS;
  }

  get isSuccess(): boolean {
    return this.#state === SUCCESS;
  }

  get isCancelled(): boolean {
    return this.#state === FAILURE && this.#cause instanceof CancellationError;
  }

  /** Whether this is the shared promise of {@link Channel.voidPromise}. */
  get isVoid(): boolean {
    return false;
  }

  get cause(): unknown {
    return this.#cause;
  }

  /** Throws when the promise is done already. */
  setSuccess(): void {
    if (!this.trySuccess()) throw completeAlready(this);
  }

  /** Throws when the promise is done already. */
  setFailure(cause: unknown): void {
    if (!this.tryFailure(cause)) throw completeAlready(this);
  }

  trySuccess(): boolean {
    if (this.#state >= SUCCESS) return false;
    this.#state = SUCCESS;
    if (this.#listener !== undefined) this.#notify();
    return true;
  }

  tryFailure(cause: unknown): boolean {
    if (this.#state >= SUCCESS) return false;
    this.#state = FAILURE;
    this.#cause = cause;
    if (this.#listener !== undefined) this.#notify();
    return true;
  }

  /** Asks for the operation not to be carried out. Returns false when it is done or has begun. */
  cancel(): boolean {
    return this.#state === OPEN && this.tryFailure(new CancellationError());
  }

  /** From now on {@link cancel} has no effect. Returns false when the promise was cancelled before. */
  setUncancellable(): boolean {
    if (this.#state === OPEN) this.#state = UNCANCELLABLE;
    return !this.isCancelled;
  }

  addListener(listener: ChannelFutureListener): this {
    if (this.#listener === undefined) this.#listener = listener;
    // With a first element: an empty array would grow to 17 places.
    else if (this.#moreListeners === undefined) this.#moreListeners = [listener];
    else this.#moreListeners.push(listener);
    if (this.isDone) this.#notify();
    return this;
  }

  toPromise(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.addListener((future) => (future.isSuccess ? resolve() : reject(future.cause)));
    });
  }

  #notify(): void {
    if (this.#notifying) return;
    if (listenerDepth === MAX_LISTENER_DEPTH) {
      deferred.push(this);
      return;
    }
    listenerDepth++;
    try {
      this.#notifyAll();
      if (listenerDepth > 1) return;
      // By index: a listener may defer more.
      for (let at = 0, next = deferred[0]; next; next = deferred[++at]) next.#notifyAll();
      // To set the length calls into the runtime, and there is hardly ever one.
      if (deferred.length > 0) deferred.length = 0;
    } finally {
      listenerDepth--;
    }
  }

  // Listeners that a listener adds run after those that were there before.
  #notifyAll(): void {
    this.#notifying = true;
    while (this.#listener !== undefined) {
      const first = this.#listener;
      const more = this.#moreListeners;
      this.#listener = undefined;
      this.#moreListeners = undefined;
      this.#call(first);
      if (more) for (const listener of more) this.#call(listener);
    }
    this.#notifying = false;
  }

  #call(listener: ChannelFutureListener): void {
    try {
      listener(this);
    } catch (cause) {
      this.channel.logger.warn({ err: cause }, 'A listener of a channel future threw.');
    }
  }
}

/**
 * The promise for writes whose success nobody asks for but whose failure must not pass
 * unseen: a failure is fired as `exceptionCaught` from the head. Shared; takes no listeners.
 */
export class VoidChannelPromise extends ChannelPromise {
  override get isVoid(): boolean {
    return true;
  }

  override get isDone(): boolean {
    return false;
  }

  override trySuccess(): boolean {
    return false;
  }

  override tryFailure(cause: unknown): boolean {
    if (this.channel.isRegistered) this.channel.pipeline.fireExceptionCaught(cause);
    return false;
  }

  override setSuccess(): void {}

  override setFailure(cause: unknown): void {
    this.tryFailure(cause);
  }

  override cancel(): boolean {
    return false;
  }

  override setUncancellable(): boolean {
    return true;
  }

  override addListener(): this {
    throw new ChannelPipelineError('The void promise takes no listeners; use channel.newPromise().');
  }
}

/** For `addListener`: closes the channel when the operation is done, however it ended. */
export const CLOSE: ChannelFutureListener = (future) => void future.channel.close();

/** For `addListener`: closes the channel when the operation failed. */
export const CLOSE_ON_FAILURE: ChannelFutureListener = (future) => {
  if (!future.isSuccess) future.channel.close();
};

/** For `addListener`: fires a failure as `exceptionCaught` from the head. */
export const FIRE_EXCEPTION_ON_FAILURE: ChannelFutureListener = (future) => {
  if (!future.isSuccess) future.channel.pipeline.fireExceptionCaught(future.cause);
};

function completeAlready(promise: ChannelPromise): Error {
  return new ChannelPipelineError(
    `The promise is complete already: ${promise.isSuccess ? 'success' : String(promise.cause)}.`,
  );
}
