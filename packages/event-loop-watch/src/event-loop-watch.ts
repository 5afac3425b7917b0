import type { Clock, Timer } from '@sluice/core';
import { EventLoopWatchError } from './event-loop-watch-error.ts';
import { EventLoopWatchOptions } from './event-loop-watch-options.ts';
import type { LoopBlock } from './loop-block.ts';
import { StackThreadHandle } from './stack-thread-handle.ts';

const LEAST_LIMIT_MS = 20;
// Timers that would have run in the time that counts as blocked.
const TICKS_A_LIMIT = 4;

/** What a watch works with. */
export interface EventLoopWatchServices {
  /** That of the event loop which is watched. */
  readonly clock: Clock;
  /** Told of each block a moment after it is over; must not throw. */
  readonly onBlock: (block: LoopBlock) => void;
}

/**
 * Tells when the event loop was blocked: one turn, a handler, a filter or anything else that computes
 * or waits synchronously, took so long that nothing else could run.
 *
 * Nothing is added to the way of a request. A timer sees that it is late; while it is, a thread stops
 * the program for a moment and reads on its stack what runs.
 *
 *     loop ── tick ── tick ── SlowFilter.apply ──────────────── tick (late: a block) ── tick (told)
 *     thread ─────────────────────────────── limit ▸ reads the stack
 */
export class EventLoopWatch {
  readonly #services: EventLoopWatchServices;
  readonly #options: EventLoopWatchOptions;
  readonly #intervalMs: number;
  #thread: StackThreadHandle | undefined = undefined;
  #needsThread: boolean;
  #timer: Timer | undefined = undefined;
  #dueAt = 0;
  #beat = 0;
  #block: { readonly durationMs: number; readonly beat: number } | undefined = undefined;

  /** Throws an {@link EventLoopWatchError} for a limit below 20 ms. */
  constructor(options: Partial<EventLoopWatchOptions>, services: EventLoopWatchServices) {
    this.#services = services;
    this.#options = { ...new EventLoopWatchOptions(), ...options };
    const { blockedAfterMs, looksAtStack } = this.#options;
    if (!(blockedAfterMs >= LEAST_LIMIT_MS)) {
      throw new EventLoopWatchError(
        `blockedAfterMs: found ${blockedAfterMs}, expected ${LEAST_LIMIT_MS} or more.`,
      );
    }
    this.#intervalMs = blockedAfterMs / TICKS_A_LIMIT;
    this.#needsThread = looksAtStack;
  }

  /** Begins to watch. Keeps the process alive until {@link close}. */
  start(): this {
    const { clock } = this.#services;
    this.#dueAt = clock.now() + this.#intervalMs;
    this.#timer = clock.schedule(this.#intervalMs, this.#tick);
    return this;
  }

  close(): void {
    this.#timer?.cancel();
    this.#thread?.close();
  }

  readonly #tick = (): void => {
    const now = this.#services.clock.now();
    const lateMs = now - this.#dueAt;
    const ended = this.#block;
    this.#block =
      lateMs >= this.#options.blockedAfterMs ? { durationMs: lateMs, beat: this.#beat } : undefined;
    // Not in start(): the thread would take CPU time from a program that starts itself.
    if (this.#needsThread) this.#startThread();
    this.#beat = this.#thread?.beat() ?? 0;
    this.#dueAt = now + this.#intervalMs;
    this.#timer?.refresh();
    // A tick later, when what the thread has sent meanwhile is there.
    if (ended !== undefined) this.#tell(ended);
  };

  #startThread(): void {
    this.#needsThread = false;
    const { blockedAfterMs, stillBlockedAfterMs } = this.#options;
    this.#thread = StackThreadHandle.start({
      blockedAfterMs,
      stillBlockedAfterMs,
      intervalMs: this.#intervalMs,
    });
  }

  #tell({ durationMs, beat }: { readonly durationMs: number; readonly beat: number }): void {
    this.#services.onBlock({ durationMs, running: this.#thread?.seenAfter(beat) });
  }
}
