import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { ListeningGateway } from '../gateway/listeners.ts';
import { SlowConnection, type SlowEnd } from './slow-connection.ts';
import { SLOW_KINDS, type SlowKind } from './slow-kind.ts';

const TICK_MS = 2;

/** Slow clients of every kind, of which another comes for each that was sent away. */
export class SlowCrowd {
  readonly ends = new Map<SlowKind, SlowEnd[]>(SLOW_KINDS.map((kind) => [kind, []]));
  readonly #listening: ListeningGateway;
  readonly #everyMs: number;
  readonly #open = new Set<SlowConnection>();
  #isGrowing = true;

  constructor(listening: ListeningGateway, everyMs: number) {
    this.#listening = listening;
    this.#everyMs = everyMs;
  }

  get open(): number {
    return this.#open.size;
  }

  /**
   * Opens so many, as many of each kind, one after the other over a time: what begins at once ends at once, and so begins
   * again at once, and would come in waves.
   */
  async grow(count: number, overMs: number): Promise<void> {
    const startedAtMs = performance.now();
    for (let opened = 0; opened < count;) {
      const due = Math.ceil(Math.min(1, (performance.now() - startedAtMs) / overMs) * count);
      for (; opened < due; opened += 1) {
        const kind = SLOW_KINDS[opened % SLOW_KINDS.length];
        if (kind) this.#add(kind);
      }
      await delay(TICK_MS);
    }
  }

  /** From now on nobody takes the place of one that ends. */
  shrink(): void {
    this.#isGrowing = false;
  }

  /** Ends those that the gateway did not. */
  stop(): void {
    for (const connection of this.#open) connection.stop();
    this.#open.clear();
  }

  #add(kind: SlowKind): void {
    const connection = new SlowConnection(kind, this.#listening[kind.listener], this.#everyMs, (end) => {
      this.#open.delete(connection);
      this.ends.get(kind)?.push(end);
      if (this.#isGrowing) this.#add(kind);
    });
    this.#open.add(connection);
  }
}
