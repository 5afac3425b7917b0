import { EmbeddedChannel } from '@sluice/core';
import type { ChannelOutboundBuffer } from '@sluice/core';

/** A channel whose peer takes bytes only when told to. */
export class SlowChannel extends EmbeddedChannel {
  #waiting: ChannelOutboundBuffer | undefined = undefined;

  override doWrite(buffer: ChannelOutboundBuffer): void {
    this.#waiting = buffer;
  }

  consume(): boolean {
    return this.#waiting?.remove() ?? false;
  }

  consumePart(bytes: number): void {
    this.#waiting?.removeBytes(bytes);
  }
}
