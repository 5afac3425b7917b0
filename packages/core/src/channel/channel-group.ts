import type { Channel } from './channel.ts';

const GONE = -1;

interface Place {
  readonly channel: Channel;
  /** Index in the group, or `GONE`. */
  at: number;
}

/**
 * Open channels, in no order; one that closes leaves by itself.
 *
 * Not a `Set`, since its members come and go all the time: V8 then makes a new table for it again and again, and keeps
 * a pointer to it in the old one. Once an old table has got into the old generation of the heap, it keeps the next one
 * and its members from being collected, that one the one after it, and so on until the next mark-compact.
 */
export class ChannelGroup implements Iterable<Channel> {
  readonly #places: Place[] = [];
  #onEmpty: (() => void)[] = [];

  get size(): number {
    return this.#places.length;
  }

  /** Returns what takes the channel out before it closes; to be called once or never, a second call has no effect. */
  add(channel: Channel): () => void {
    const place: Place = { channel, at: this.#places.length };
    const leave = (): void => this.#leave(place);
    this.#places.push(place);
    channel.closeFuture.addListener(leave);
    return leave;
  }

  /** The channels that are there now; one that leaves before its turn is left out. */
  *[Symbol.iterator](): IterableIterator<Channel> {
    const places = this.#places.slice();
    for (const place of places) if (place.at !== GONE) yield place.channel;
  }

  fireUserEventTriggered(event: object): void {
    for (const { pipeline } of this) pipeline.fireUserEventTriggered(event);
  }

  /** Calls back when none is left; at once when there is none. */
  whenEmpty(callback: () => void): void {
    if (this.size === 0) callback();
    else this.#onEmpty.push(callback);
  }

  /** Closes all that are there now; resolves when they are closed. */
  async close(): Promise<void> {
    await Promise.all([...this].map((channel) => channel.close().toPromise()));
  }

  // The last one takes the place.
  #leave(place: Place): void {
    const { at } = place;
    if (at === GONE) return;
    place.at = GONE;
    const last = this.#places.pop();
    if (last !== undefined && last !== place) {
      last.at = at;
      this.#places[at] = last;
    }
    if (this.size > 0 || this.#onEmpty.length === 0) return;
    for (const callback of this.#onEmpty.splice(0)) callback();
  }
}
