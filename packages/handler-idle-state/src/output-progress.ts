import { AbstractChannel } from '@sluice/core';
import type { Channel } from '@sluice/core';

/** Sees whether a channel sends anything at all while none of its writes is completed, as with a slow peer and a large write. */
export class OutputProgress {
  readonly #channel: Channel;
  #lastWriteMs = 0;
  #pendingBytes: number;
  #sentOfCurrent: number;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#pendingBytes = channel.pendingOutboundBytes;
    this.#sentOfCurrent = sentOfCurrent(channel);
  }

  /** Whether a write was completed, or a part of one was sent, since the last call. */
  hasMoved(lastWriteMs: number): boolean {
    const pendingBytes = this.#channel.pendingOutboundBytes;
    const sent = sentOfCurrent(this.#channel);
    const hasMoved =
      lastWriteMs !== this.#lastWriteMs ||
      pendingBytes !== this.#pendingBytes ||
      sent !== this.#sentOfCurrent;
    this.#lastWriteMs = lastWriteMs;
    this.#pendingBytes = pendingBytes;
    this.#sentOfCurrent = sent;
    return hasMoved;
  }
}

function sentOfCurrent(channel: Channel): number {
  return channel instanceof AbstractChannel ? (channel.unsafe.output.buffer?.currentProgress ?? 0) : 0;
}
