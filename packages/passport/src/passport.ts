import type { Clock } from '@sluice/core';
import { isContentState } from './passport-state.ts';
import type { PassportState } from './passport-state.ts';

const NS_PER_MS = 1e6;

const USUAL_STATES = 28;
const FREE_STATES: readonly undefined[] = Array.from({ length: USUAL_STATES }, () => undefined);
// Fractions from the start: an array of whole numbers is made anew when it gets its first fraction.
const FREE_TIMES: readonly number[] = Array.from({ length: USUAL_STATES }, () => NaN);

/** How the passports of a channel are made. */
export class PassportOptions {
  /** Whether the states of single body chunks are kept, which lets a passport grow with the body. */
  readonly contentStates: boolean = false;
}

/** What a passport needs of a clock. */
export type PassportClock = Pick<Clock, 'now' | 'turnNow' | 'epochMs'>;

/** A state and when it was reached, in nanoseconds since the passport's start. */
export interface PassportItem {
  readonly state: PassportState;
  readonly atNs: number;
}

/** From a start state to the end state that followed it, in nanoseconds since the passport's start. */
export interface PassportInterval {
  readonly startNs: number;
  readonly endNs: number;
}

/**
 * Records which states a channel and its request went through, and when: the answer to "where
 * did the time go?" for one request.
 *
 * Adding a state costs two array slots and no object, so handlers add theirs always.
 */
export class Passport {
  /** Wall-clock time of the start, in milliseconds since 1970-01-01 UTC. */
  readonly startMs: number;
  readonly #clock: PassportClock;
  readonly #startedAt: number;
  readonly #contentStates: boolean;
  // Places for the states of a usual request from the start: cheaper than arrays that grow twice.
  readonly #states: (PassportState | undefined)[] = FREE_STATES.slice();
  readonly #atNs: number[] = FREE_TIMES.slice();
  #size = 0;

  constructor(clock: PassportClock, options: Partial<PassportOptions> = {}) {
    this.startMs = Math.trunc(clock.epochMs());
    this.#clock = clock;
    this.#startedAt = clock.turnNow();
    this.#contentStates = options.contentStates ?? false;
  }

  /** Records that the state is reached now, by the clock's latest reading in this turn of the event loop. */
  add(state: PassportState): void {
    if (!this.#contentStates && isContentState(state)) return;
    this.#states[this.#size] = state;
    this.#atNs[this.#size] = this.#nsAt(this.#clock.turnNow());
    this.#size++;
  }

  addIfAbsent(state: PassportState): void {
    if (!this.has(state)) this.add(state);
  }

  /** Whether the state was reached; what was reached last is found first. */
  has(state: PassportState): boolean {
    return this.#last(state) !== -1;
  }

  /** How many states are recorded. */
  get size(): number {
    return this.#size;
  }

  /** The state reached last. */
  get lastState(): PassportState | undefined {
    return this.#states[this.#size - 1];
  }

  /** Nanoseconds from the start to the state reached last: no interval in the passport is longer. */
  get lengthNs(): number {
    return this.#size === 0 ? 0 : (this.#atNs[this.#size - 1] ?? 0);
  }

  /** Whether an attempt was made to send the request to an origin. */
  get wasProxyAttempt(): boolean {
    return this.has('OUT_REQ_HEADERS_SENDING');
  }

  /** Nanoseconds since the start. */
  nowNs(): number {
    return this.#nsAt(this.#clock.now());
  }

  /** The states in order. */
  items(): PassportItem[] {
    const states = this.#states.slice(0, this.#size) as PassportState[];
    return states.map((state, at) => ({ state, atNs: this.#atNs[at] ?? 0 }));
  }

  /** When the state was reached for the first time. */
  firstNs(state: PassportState): number | undefined {
    return this.#atNs[this.#first(state)];
  }

  /** When the state was reached for the last time. */
  lastNs(state: PassportState): number | undefined {
    return this.#atNs[this.#last(state)];
  }

  /** Every time the state was reached. */
  timesNs(state: PassportState): number[] {
    return this.#atNs.filter((_, at) => this.#states[at] === state);
  }

  /** Nanoseconds from the last `start` to the last `end`; 0 when one of them is missing. */
  durationNs(start: PassportState, end: PassportState): number {
    return between(this.lastNs(start), this.lastNs(end));
  }

  /** As {@link durationNs}, but up to now when `end` is missing. */
  durationSoFarNs(start: PassportState, end: PassportState): number {
    return between(this.lastNs(start), this.lastNs(end) ?? this.nowNs());
  }

  /** Nanoseconds from the first `start` to the last `end`, retries included; 0 when one is missing. */
  spanNs(start: PassportState, end: PassportState): number {
    return between(this.firstNs(start), this.lastNs(end));
  }

  /** Each `start` with the `end` that followed it. A `start` that was not ended before the next is left out. */
  intervals(start: PassportState, end: PassportState): PassportInterval[] {
    const intervals: PassportInterval[] = [];
    let startNs: number | undefined = undefined;
    for (const { state, atNs } of this.items()) {
      if (state === start) {
        startNs = atNs;
      } else if (state === end && startNs !== undefined) {
        intervals.push({ startNs, endNs: atNs });
        startNs = undefined;
      }
    }
    return intervals;
  }

  /** `CurrentPassport {start_ms=1700000000000, [+0=SERVER_CH_ACTIVE, +1500=NOW]}`, times in nanoseconds. */
  toString(): string {
    return this.toText(this.nowNs());
  }

  /** As {@link toString}, with another time than this moment as `NOW`: of a request that is over, when it was. */
  toText(nowNs: number): string {
    const items = this.items().map(({ state, atNs }) => `+${atNs}=${state}, `);
    return `CurrentPassport {start_ms=${this.startMs}, [${items.join('')}+${nowNs}=NOW]}`;
  }

  // Loops of our own: `lastIndexOf` takes ten times as long, and each request asks several times.
  #first(state: PassportState): number {
    for (let at = 0; at < this.#size; at++) if (this.#states[at] === state) return at;
    return -1;
  }

  #last(state: PassportState): number {
    for (let at = this.#size - 1; at >= 0; at--) if (this.#states[at] === state) return at;
    return -1;
  }

  #nsAt(ms: number): number {
    return Math.round((ms - this.#startedAt) * NS_PER_MS);
  }
}

function between(startNs: number | undefined, endNs: number | undefined): number {
  return startNs === undefined || endNs === undefined ? 0 : endNs - startNs;
}
