import type { Channel } from './channel.ts';

/**
 * Sees whether a peer takes what was handed to the operating system long ago. That tells of room for more only when a
 * third of its buffer, which may have 4 MiB, has left: a slow peer that reads steadily looks as if it read nothing.
 */
export class PeerProgress {
  readonly #channel: Channel;
  #bytes: number | undefined = undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /**
   * Whether what is under way to the peer has become less since the last call; false at the first one and where the
   * system does not tell. Ask when a peer is about to be given up, not more often than every 5 s.
   */
  hasMoved(): boolean {
    const before = this.#bytes;
    this.#bytes = this.#channel.unacknowledgedBytes;
    return before !== undefined && this.#bytes !== undefined && this.#bytes < before;
  }
}
