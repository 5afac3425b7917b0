import type { ListeningGateway } from '../gateway/listeners.ts';
import { SlowConnection, type SlowEnd } from './slow-connection.ts';
import { SLOW_KINDS, type SlowKind } from './slow-kind.ts';

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

  /** Opens so many, as many of each kind. */
  grow(count: number): void {
    for (let at = 0; at < count; at += 1) {
      const kind = SLOW_KINDS[at % SLOW_KINDS.length];
      if (kind) this.#add(kind);
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
