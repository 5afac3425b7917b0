import type { Channel, ChannelFutureListener } from '@sluice/core';

/** Open channels; one that closes leaves by itself. */
export class ChannelGroup {
  readonly #channels = new Set<Channel>();
  #onEmpty: (() => void)[] = [];

  get size(): number {
    return this.#channels.size;
  }

  add(channel: Channel): void {
    this.#channels.add(channel);
    channel.closeFuture.addListener(this.#closed);
  }

  fireUserEventTriggered(event: object): void {
    for (const { pipeline } of this.#channels) pipeline.fireUserEventTriggered(event);
  }

  /** Calls back when none is left; at once when there is none. */
  whenEmpty(callback: () => void): void {
    if (this.#channels.size === 0) callback();
    else this.#onEmpty.push(callback);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#channels].map((channel) => channel.close().toPromise()));
  }

  readonly #closed: ChannelFutureListener = ({ channel }) => {
    this.#channels.delete(channel);
    if (this.#channels.size > 0 || this.#onEmpty.length === 0) return;
    for (const callback of this.#onEmpty.splice(0)) callback();
  };
}
