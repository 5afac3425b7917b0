import type { EventLoop, Timer } from '@sluice/core';

/** Told when its time is up. */
export interface Timed {
  onTimeout(timeout: Timeout): void;
}

/** One timeout that runs; made by {@link Timeouts.start}. */
export class Timeout {
  readonly target: Timed;
  readonly dueAt: number;
  readonly #queue: TimeoutQueue;
  /** @internal Its neighbours in the queue. */
  previous: Timeout | undefined = undefined;
  /** @internal */
  next: Timeout | undefined = undefined;

  constructor(target: Timed, dueAt: number, queue: TimeoutQueue) {
    this.target = target;
    this.dueAt = dueAt;
    this.#queue = queue;
  }

  /** Once; it will not run out. */
  cancel(): void {
    this.#queue.remove(this);
  }
}

/**
 * Timeouts of requests. Those of one length run out in the order in which they were started, so
 * one timer a length is enough: starting and cancelling one costs an object and four links.
 */
export class Timeouts {
  readonly #eventLoop: EventLoop;
  readonly #queues = new Map<number, TimeoutQueue>();

  constructor(eventLoop: EventLoop) {
    this.#eventLoop = eventLoop;
  }

  start(delayMs: number, target: Timed): Timeout {
    let queue = this.#queues.get(delayMs);
    if (queue === undefined) {
      queue = new TimeoutQueue(this.#eventLoop, delayMs, () => this.#queues.delete(delayMs));
      this.#queues.set(delayMs, queue);
    }
    return queue.start(target);
  }

  /** Nothing runs out any more. */
  close(): void {
    for (const queue of this.#queues.values()) queue.close();
    this.#queues.clear();
  }
}

/** The timeouts of one length, in the order in which they run out. */
class TimeoutQueue {
  readonly #eventLoop: EventLoop;
  readonly #delayMs: number;
  readonly #onEmpty: () => void;
  #first: Timeout | undefined = undefined;
  #last: Timeout | undefined = undefined;
  #timer: Timer | undefined = undefined;

  /** `onEmpty`: called when the timer has found nothing, and the queue is of no more use. */
  constructor(eventLoop: EventLoop, delayMs: number, onEmpty: () => void) {
    this.#eventLoop = eventLoop;
    this.#delayMs = delayMs;
    this.#onEmpty = onEmpty;
  }

  start(target: Timed): Timeout {
    const timeout = new Timeout(target, this.#eventLoop.clock.now() + this.#delayMs, this);
    timeout.previous = this.#last;
    if (this.#last === undefined) this.#first = timeout;
    else this.#last.next = timeout;
    this.#last = timeout;
    this.#timer ??= this.#eventLoop.schedule(this.#delayMs, this.#expire);
    return timeout;
  }

  // The timer goes on: the next request finds it running.
  remove(timeout: Timeout): void {
    const { previous, next } = timeout;
    if (previous !== undefined) previous.next = next;
    else if (this.#first === timeout) this.#first = next;
    else return;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    timeout.previous = undefined;
    timeout.next = undefined;
  }

  close(): void {
    this.#timer?.cancel();
    this.#first = undefined;
    this.#last = undefined;
  }

  // A target that throws must not take the timer with it: those behind it run out in the next turn.
  readonly #expire = (): void => {
    const now = this.#eventLoop.clock.now();
    try {
      for (let first = this.#first; first !== undefined && first.dueAt <= now; first = this.#first) {
        this.remove(first);
        first.target.onTimeout(first);
      }
    } finally {
      this.#timer = undefined;
      if (this.#first === undefined) this.#onEmpty();
      else this.#timer = this.#eventLoop.schedule(Math.max(0, this.#first.dueAt - now), this.#expire);
    }
  };
}
