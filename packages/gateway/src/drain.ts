import type { EventLoop } from '@sluice/core';
import { ConnectionCloseEvent } from '@sluice/handler-http';
import type { ChannelGroup } from './channel-group.ts';

export class DrainOptions {
  /** How long requests in flight may take to end, in ms; then their connections are closed. Default: 30 000. */
  readonly timeoutMs: number = 30_000;
  /** How long a client without a request in flight may send another one, whose response tells it of the close, in ms. Default: 5000. */
  readonly idleMs: number = 5_000;
}

/** How a drain went. */
export interface DrainReport {
  /** Connections that were open when it began. */
  readonly connections: number;
  /** Those of them that had to be closed because the time was up. */
  readonly forced: number;
  readonly durationMs: number;
}

/** Ends connections without losing a request, and what is left of them when the time is up. */
export async function drain(
  connections: ChannelGroup,
  eventLoop: EventLoop,
  options: Partial<DrainOptions> = {},
): Promise<DrainReport> {
  const { timeoutMs, idleMs } = { ...new DrainOptions(), ...options };
  const { clock } = eventLoop;
  const startedAt = clock.now();
  const open = connections.size;
  connections.fireUserEventTriggered(ConnectionCloseEvent.afterNextResponse('SHUTDOWN', idleMs));
  await new Promise<void>((resolve) => {
    const timer = eventLoop.schedule(timeoutMs, resolve);
    connections.whenEmpty(() => {
      timer.cancel();
      resolve();
    });
  });
  const forced = connections.size;
  await connections.close();
  return { connections: open, forced, durationMs: clock.now() - startedAt };
}
