import type { Clock, Timer } from './clock.ts';

/**
 * Time that a test moves by hand.
 *
 * It stands still until {@link advance}, or, once {@link unfreeze}d, goes on with real time
 * from where it stood. Tasks that are due run in the order of their times when the clock is
 * advanced or {@link runDue} is called.
 */
export class VirtualClock implements Clock {
  readonly #realNow: () => number;
  #tasks: VirtualTimer[] = [];
  #frozenAt: number | undefined = 0;
  #offset = 0;

  /** `realNow` is what time goes on with when unfrozen; default: the system's monotonic clock. */
  constructor(realNow: () => number = () => performance.now()) {
    this.#realNow = realNow;
  }

  now(): number {
    return this.#frozenAt ?? this.#realNow() + this.#offset;
  }

  turnNow(): number {
    return this.now();
  }

  epochMs(): number {
    return this.now();
  }

  /**
   * Moves time on, running every task that falls due on the way at its own time; when unfrozen,
   * at the new time.
   */
  advance(ms: number): void {
    if (ms < 0) throw new RangeError(`Time can't go back: advance(${ms}).`);
    const end = this.now() + ms;
    if (this.#frozenAt === undefined) {
      this.#offset += ms;
      this.runDue();
      return;
    }
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#moveTo(next.dueAt);
      next.run();
    }
    this.#moveTo(end);
  }

  freeze(): void {
    this.#frozenAt ??= this.now();
  }

  /** Lets time go on from where it stood; the real time that passed while frozen is not added. */
  unfreeze(): void {
    if (this.#frozenAt === undefined) return;
    this.#offset = this.#frozenAt - this.#realNow();
    this.#frozenAt = undefined;
  }

  schedule(delayMs: number, task: () => void): Timer {
    const timer = new VirtualTimer(this, Math.max(0, delayMs), task);
    timer.refresh();
    return timer;
  }

  /** Runs what is due now and returns the milliseconds until the next task, or -1 when there is none. */
  runDue(): number {
    for (let next = this.#next(this.now()); next; next = this.#next(this.now())) next.run();
    return this.msToNext();
  }

  /** Milliseconds until the next task (0 when it is due), or -1 when there is none. */
  msToNext(): number {
    const next = this.#tasks[0];
    return next === undefined ? -1 : Math.max(0, next.dueAt - this.now());
  }

  /** Tasks that have not run yet. */
  get pendingTimers(): number {
    return this.#tasks.length;
  }

  cancelAll(): void {
    this.#tasks = [];
  }

  /** @internal */
  add(timer: VirtualTimer): void {
    const at = this.#tasks.findIndex((other) => other.dueAt > timer.dueAt);
    this.#tasks.splice(at < 0 ? this.#tasks.length : at, 0, timer);
  }

  /** @internal */
  remove(timer: VirtualTimer): void {
    const at = this.#tasks.indexOf(timer);
    if (at >= 0) this.#tasks.splice(at, 1);
  }

  // Never back: a task may have moved time further itself.
  #moveTo(time: number): void {
    if (this.#frozenAt !== undefined) this.#frozenAt = Math.max(this.#frozenAt, time);
  }

  #next(until: number): VirtualTimer | undefined {
    const next = this.#tasks[0];
    if (next === undefined || next.dueAt > until) return undefined;
    this.#tasks.shift();
    return next;
  }
}

class VirtualTimer implements Timer {
  readonly #clock: VirtualClock;
  readonly #delayMs: number;
  readonly #task: () => void;
  #isCancelled = false;
  dueAt = 0;

  constructor(clock: VirtualClock, delayMs: number, task: () => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#task = task;
  }

  run(): void {
    this.#task();
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#clock.remove(this);
  }

  refresh(): void {
    if (this.#isCancelled) return;
    this.#clock.remove(this);
    this.dueAt = this.#clock.now() + this.#delayMs;
    this.#clock.add(this);
  }
}
