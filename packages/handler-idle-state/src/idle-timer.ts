import type { EventLoop, Timer } from '@sluice/core';
import type { IdleState } from './idle-state-event.ts';

/** Whose idle times are measured. */
export interface IdleListener {
  /** How long there was no activity of this kind until now, in ms. */
  quietMs(state: IdleState): number;
  onIdle(state: IdleState, isFirst: boolean): void;
}

/**
 * Waits until something was quiet for its whole time, again and again.
 *
 * Activity never touches the timer: when it is due, it is armed anew for what is left of the
 * quiet time, so that a busy channel costs one timer in each idle time.
 */
export class IdleTimer {
  readonly #eventLoop: EventLoop;
  readonly #timeoutMs: number;
  readonly #state: IdleState;
  readonly #listener: IdleListener;
  #timer: Timer;
  #isFirst = true;

  constructor(eventLoop: EventLoop, timeoutMs: number, state: IdleState, listener: IdleListener) {
    this.#eventLoop = eventLoop;
    this.#timeoutMs = timeoutMs;
    this.#state = state;
    this.#listener = listener;
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
    const leftMs = this.#timeoutMs - this.#listener.quietMs(this.#state);
    // Armed before the event, which may throw, or cancel this timer.
    this.#timer = this.#arm(leftMs > 0 ? leftMs : this.#timeoutMs);
    if (leftMs > 0) return;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    this.#listener.onIdle(this.#state, isFirst);
  }
}
