import { SluiceError } from '@sluice/core';
import type { VirtualClock } from '@sluice/core';

/**
 * A request was sent, everything that could run has run, and there is no whole response. What takes real time, as
 * files, timers of Node.js and other threads do, is not waited for.
 */
export class NoResponseError extends SluiceError {
  override readonly name = 'NoResponseError';

  constructor(what: string, clock: VirtualClock) {
    super('SLUICE_TEST_NO_RESPONSE', `${what} ${hint(clock.msToNext())} ${REAL_TIME}`);
  }
}

const REAL_TIME = 'A filter that waits for files, timers of Node.js or other threads is not waited for.';

function hint(msToNext: number): string {
  return msToNext < 0
    ? 'No timer is set.'
    : `The next timer runs out in ${Math.ceil(msToNext)} ms of virtual time; advance() gets there.`;
}
