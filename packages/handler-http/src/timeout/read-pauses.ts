import { AbstractChannel } from '@sluice/core';
import type { Channel } from '@sluice/core';

/** Whether it is this side that reads nothing now, as when an origin is slow: then a client that seems silent is not to blame. */
export function areReadsPaused(channel: Channel): boolean {
  return channel instanceof AbstractChannel && channel.areReadsPaused;
}
