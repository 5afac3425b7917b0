/** What a {@link BodyPace} allows. */
export interface BodyPaceLimits {
  readonly minBytesPerSecond: number;
  readonly graceMs: number;
  readonly totalMs: number;
}

/** Measures one body after the other against a rate, window by window, and against a total time. */
export class BodyPace {
  readonly #totalMs: number;
  readonly #windowMs: number;
  readonly #minBytes: number;
  #totalEndMs = Infinity;
  #windowEndMs = Infinity;
  #bytes = 0;
  #isPardoned = false;

  constructor({ minBytesPerSecond, graceMs, totalMs }: BodyPaceLimits) {
    this.#totalMs = totalMs > 0 ? totalMs : Infinity;
    this.#windowMs = minBytesPerSecond > 0 ? Math.max(1, graceMs) : Infinity;
    this.#minBytes = (minBytesPerSecond * graceMs) / 1000;
  }

  get isLimited(): boolean {
    return this.#totalMs !== Infinity || this.#windowMs !== Infinity;
  }

  /** A body begins. Returns the milliseconds until the first check. */
  start(nowMs: number): number {
    this.#totalEndMs = nowMs + this.#totalMs;
    this.#openWindow(nowMs);
    return this.nextCheckMs(nowMs);
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The current window does not count: it was not the sender who was slow. */
  pardon(): void {
    this.#isPardoned = true;
  }

  isOverdue(nowMs: number): boolean {
    return nowMs >= this.#totalEndMs;
  }

  /** Judges the window when it has ended, and opens the next. A pause spoils the windows on both sides of it. */
  isTooSlow(nowMs: number, isPaused: boolean): boolean {
    if (nowMs < this.#windowEndMs) return false;
    const isTooSlow = !this.#isPardoned && !isPaused && this.#bytes < this.#minBytes;
    this.#openWindow(nowMs);
    this.#isPardoned = isPaused;
    return isTooSlow;
  }

  nextCheckMs(nowMs: number): number {
    return Math.min(this.#totalEndMs, this.#windowEndMs) - nowMs;
  }

  #openWindow(nowMs: number): void {
    this.#windowEndMs = nowMs + this.#windowMs;
    this.#bytes = 0;
    this.#isPardoned = false;
  }
}
