import { silentLogger } from '@sluice/core';
import type { ChannelGroup, EventLoop, Logger } from '@sluice/core';
import { ConnectionCloseEvent } from '@sluice/handler-http';
import { withDefaults } from '@sluice/inject';

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

/** How often it is told how many connections are left. */
const PROGRESS_MS = 1_000;

/** Ends connections without losing a request, and what is left of them when the time is up. `logger` is told of its progress. */
export async function drain(
  connections: ChannelGroup,
  eventLoop: EventLoop,
  options: Partial<DrainOptions> = {},
  logger: Logger = silentLogger,
): Promise<DrainReport> {
  const { timeoutMs, idleMs } = withDefaults(DrainOptions, options);
  const { clock } = eventLoop;
  const startedAt = clock.now();
  const open = connections.size;
  connections.fireUserEventTriggered(ConnectionCloseEvent.afterNextResponse('SHUTDOWN', idleMs));
  let progress = eventLoop.schedule(PROGRESS_MS, tell);
  function tell(): void {
    const leftMs = Math.max(0, timeoutMs - (clock.now() - startedAt));
    logger.info({ connections: connections.size, leftMs }, 'Draining.');
    progress = eventLoop.schedule(PROGRESS_MS, tell);
  }
  await new Promise<void>((resolve) => {
    const timer = eventLoop.schedule(timeoutMs, resolve);
    connections.whenEmpty(() => {
      timer.cancel();
      resolve();
    });
  });
  progress.cancel();
  const forced = connections.size;
  await connections.close();
  return { connections: open, forced, durationMs: clock.now() - startedAt };
}
