import type { Channel, Timer } from '@sluice/core';

/**
 * Waits for a moment that is moved, or called off, far more often than it comes.
 *
 * To move it is to set a number. The clock's timer is left to run out, and armed anew only for
 * what is then left: a busy connection costs one timer in each period, however many requests it has.
 */
export class DeadlineTimer {
  readonly #channel: Channel;
  readonly #onDue: () => void;
  #dueMs = Infinity;
  #timer: Timer | undefined = undefined;
  #timerDueMs = Infinity;

  constructor(channel: Channel, onDue: () => void) {
    this.#channel = channel;
    this.#onDue = onDue;
  }

  get isRunning(): boolean {
    return this.#dueMs !== Infinity;
  }

  /** Starts the wait, anew if it was running. */
  start(delayMs: number): void {
    this.#dueMs = this.#channel.clock.turnNow() + delayMs;
    if (this.#dueMs < this.#timerDueMs) this.#arm(delayMs);
  }

  /** Calls the wait off; `start` may follow. */
  stop(): void {
    this.#dueMs = Infinity;
  }

  /** As {@link stop}, and gives the clock's timer back: for a connection that is over. */
  cancel(): void {
    this.stop();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerDueMs = Infinity;
  }

  #arm(delayMs: number): void {
    this.#timer?.cancel();
    this.#timerDueMs = this.#dueMs;
    // Whole milliseconds: what is left may be smaller than the clock can tell apart.
    this.#timer = this.#channel.eventLoop.schedule(Math.ceil(delayMs), () => this.#check());
  }

  #check(): void {
    this.#timer = undefined;
    this.#timerDueMs = Infinity;
    if (!this.isRunning) return;
    const leftMs = this.#dueMs - this.#channel.clock.now();
    if (leftMs > 0) {
      this.#arm(leftMs);
      return;
    }
    this.stop();
    this.#onDue();
  }
}
