import { EmbeddedChannel } from '@sluice/core';
import type { ChannelOutboundBuffer } from '@sluice/core';

/** A channel whose peer takes bytes only when told to. */
export class SlowChannel extends EmbeddedChannel {
  #waiting: ChannelOutboundBuffer | undefined = undefined;
  /** What the operating system says it has under way; undefined: it does not tell. */
  underWay: number | undefined = undefined;

  override get unacknowledgedBytes(): number | undefined {
    return this.underWay;
  }

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
