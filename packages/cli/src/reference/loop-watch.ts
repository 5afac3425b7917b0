import { SystemClock } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { EventLoopWatch } from '@sluice/event-loop-watch';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import { UsageError } from '../command-line/usage-error.ts';

const MAX_CULPRITS = 100;
const BOUNDS = [0.1, 0.2, 0.5, 1, 2, 5, 10];

/**
 * Logs and counts when the event loop was blocked, with the handler or filter that blocked it. The limit is
 * that of the environment, in ms; 0 turns it off. Throws a {@link UsageError} when that is no number.
 */
export function watchEventLoop(metrics: MetricsRegistry, logger: Logger): { close(): void } {
  const limit = process.env['SLUICE_BLOCKED_AFTER_MS'];
  if (limit !== undefined && !/^(?:0|[2-9]\d|[1-9]\d{2,6})$/.test(limit)) {
    throw new UsageError(
      `SLUICE_BLOCKED_AFTER_MS: found "${limit}", expected milliseconds from 20 on, or 0 for off.`,
    );
  }
  if (limit === '0') return { close: () => {} };
  const seconds = metrics.histogram({
    name: 'server.eventloop.blocked.seconds',
    help: 'How long the event loop could run nothing else, by the handler or filter that ran.',
    labels: { culprit: MAX_CULPRITS },
    bounds: BOUNDS,
  });
  const options = limit === undefined ? {} : { blockedAfterMs: Number(limit) };
  const clock = new SystemClock();
  return new EventLoopWatch(options, {
    clock,
    onBlock({ durationMs, running: { culprit, stack } = { culprit: 'unknown', stack: [] } }) {
      seconds.labels(culprit).observe(durationMs / 1000);
      const fields = { durationMs: Math.round(durationMs), culprit, stack };
      logger.warn(fields, 'The event loop was blocked: nothing else could run meanwhile.');
    },
  }).start();
}
