import { performance } from 'node:perf_hooks';
import { runBehind } from './run-behind.ts';

/** A task that will run once at a set time. */
export interface Timer {
  /** The task will not run, also not after {@link refresh}; no effect when it has run. */
  cancel(): void;
  /** Starts the full delay anew from now, also when the task has run. Cheaper than a new timer. */
  refresh(): void;
}

/**
 * The one source of time. Everything that measures, waits or expires asks the clock that it
 * was given, so that a test can hold time in its hand.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start, never going back; with fractions. */
  now(): number;
  /**
   * As {@link now}, but may be the latest reading of the same turn of the event loop: for what is
   * recorded often, and at a fraction of the cost. Never before a reading of `now`.
   */
  turnNow(): number;
  /** Milliseconds since 1970-01-01 UTC; may jump when the system's clock is set. */
  epochMs(): number;
  /**
   * Runs a task after a delay in milliseconds; a delay of 0 or less means as soon as possible.
   * Delays above 24.8 days are cut to that.
   */
  schedule(delayMs: number, task: () => void): Timer;
}

// What setTimeout can hold; it takes anything above for 1 ms.
const MAX_DELAY_MS = 2 ** 31 - 1;

// One source of real time, so one turn: it is the same for all clocks of this kind.
let latest = 0;
let isTurnKnown = false;
let isWithinTurn = false;

/**
 * Whoever calls into the pipelines because of I/O may say so, and has to call {@link endTurn} behind it:
 * then nothing need be scheduled to notice the end of the turn.
 */
export function beginTurn(): void {
  isWithinTurn = true;
  isTurnKnown = false;
}

/** See {@link beginTurn}. */
export function endTurn(): void {
  isWithinTurn = false;
  isTurnKnown = false;
}

/** Real time. */
export class SystemClock implements Clock {
  now(): number {
    latest = performance.now();
    return latest;
  }

  turnNow(): number {
    if (isTurnKnown) return latest;
    isTurnKnown = true;
    if (!isWithinTurn) runBehind(forgetTurn);
    return this.now();
  }

  epochMs(): number {
    return Date.now();
  }

  schedule(delayMs: number, task: () => void): Timer {
    return new SystemTimer(delayMs, task);
  }
}

function forgetTurn(): void {
  isTurnKnown = false;
}

/** @internal */
export class SystemTimer implements Timer {
  readonly #timeout: NodeJS.Timeout;

  constructor(delayMs: number, task: () => void) {
    this.#timeout = setTimeout(task, Math.min(delayMs, MAX_DELAY_MS));
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }

  refresh(): void {
    this.#timeout.refresh();
  }

  unref(): this {
    this.#timeout.unref();
    return this;
  }
}
