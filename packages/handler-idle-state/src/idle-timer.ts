import type { EventLoop, Timer } from '@sluice/core';

/**
 * Waits until something was quiet for its whole time, again and again.
 *
 * Activity never touches the timer: when it is due, it is armed anew for what is left of the
 * quiet time, so that a busy channel costs one timer in each idle time.
 */
export class IdleTimer {
  readonly #eventLoop: EventLoop;
  readonly #timeoutMs: number;
  readonly #quietMs: () => number;
  readonly #onIdle: (isFirst: boolean) => void;
  #timer: Timer;
  #isFirst = true;

  /** `quietMs` tells how long there was no activity until now. */
  constructor(
    eventLoop: EventLoop,
    timeoutMs: number,
    quietMs: () => number,
    onIdle: (isFirst: boolean) => void,
  ) {
    this.#eventLoop = eventLoop;
    this.#timeoutMs = timeoutMs;
    this.#quietMs = quietMs;
    this.#onIdle = onIdle;
    this.#timer = this.#arm(timeoutMs);
  }

  /** There was activity: the next idle time is the first of its kind. */
  restart(): void {
    this.#isFirst = true;
  }

  cancel(): void {
    this.#timer.cancel();
  }

  #arm(delayMs: number): Timer {
    // Whole milliseconds: what is left may be smaller than the clock can tell apart.
    return this.#eventLoop.schedule(Math.ceil(delayMs), () => this.#check());
  }

  #check(): void {
    const leftMs = this.#timeoutMs - this.#quietMs();
    // Armed before the event, which may throw, or cancel this timer.
    this.#timer = this.#arm(leftMs > 0 ? leftMs : this.#timeoutMs);
    if (leftMs > 0) return;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    this.#onIdle(isFirst);
  }
}
