import { SluiceError } from '@sluice/core';

/** The options of an event loop watch are wrong. */
export class EventLoopWatchError extends SluiceError {
  constructor(message: string) {
    super('SLUICE_EVENT_LOOP_WATCH', message);
  }
}
