import type { Clock, Timer } from '@sluice/core';

/** Questions within the time, all of which must be without an answer. */
const QUESTIONS = 5;

/**
 * Notices a process whose event loop stands still: it is asked for a sign of life again and again.
 *
 * Questions count, not the time alone: where the machine stood still, this process has asked no more than the
 * other has answered.
 */
export class HungWorkerWatch {
  readonly #ask: () => void;
  readonly #onHung: () => void;
  readonly #timer: Timer;
  #unanswered = 0;

  /** `onHung` is called once, when nothing came for `timeoutMs`, or a fifth more. */
  constructor(clock: Clock, timeoutMs: number, ask: () => void, onHung: () => void) {
    this.#ask = ask;
    this.#onHung = onHung;
    this.#timer = clock.schedule(timeoutMs / QUESTIONS, () => this.#look());
  }

  /** The process has said something. */
  answered(): void {
    this.#unanswered = 0;
  }

  cancel(): void {
    this.#timer.cancel();
  }

  #look(): void {
    if (this.#unanswered >= QUESTIONS) {
      this.#onHung();
      return;
    }
    this.#timer.refresh();
    this.#unanswered++;
    this.#ask();
  }
}
