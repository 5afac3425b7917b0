import { stderrLogger, SystemClock } from '@sluice/core';
import { EventLoopWatch } from '@sluice/event-loop-watch';
import type { LoopBlock } from '@sluice/event-loop-watch';

/** Logs every time for which nothing else could run; end it with `close()`. */
export function watchEventLoop(): EventLoopWatch {
  const onBlock = ({ durationMs, running }: LoopBlock): void => {
    stderrLogger.warn({ durationMs, ...running }, 'The event loop was blocked.');
  };
  return new EventLoopWatch({ blockedAfterMs: 100 }, { clock: new SystemClock(), onBlock }).start();
}
