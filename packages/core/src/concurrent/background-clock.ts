import { SystemClock, SystemTimer } from './clock.ts';
import type { Timer } from './clock.ts';

/** Real time, whose timers do not keep a process alive that has nothing else to do. */
export class BackgroundClock extends SystemClock {
  override schedule(delayMs: number, task: () => void): Timer {
    return new SystemTimer(delayMs, task).unref();
  }
}
