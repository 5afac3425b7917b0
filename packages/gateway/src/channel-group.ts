import type { Channel } from '@sluice/core';

/** Open channels; one that closes leaves by itself. */
export class ChannelGroup {
  readonly #channels = new Set<Channel>();

  get size(): number {
    return this.#channels.size;
  }

  add(channel: Channel): void {
    this.#channels.add(channel);
    channel.closeFuture.addListener(() => this.#channels.delete(channel));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#channels].map((channel) => channel.close().toPromise()));
  }
}
