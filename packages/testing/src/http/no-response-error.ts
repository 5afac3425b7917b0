import { SluiceError } from '@sluice/core';
import type { VirtualClock } from '@sluice/core';

/** A request was sent, everything that could run has run, and there is no whole response. */
export class NoResponseError extends SluiceError {
  override readonly name = 'NoResponseError';

  constructor(what: string, clock: VirtualClock) {
    super('SLUICE_TEST_NO_RESPONSE', `${what} ${hint(clock.msToNext())}`);
  }
}

function hint(msToNext: number): string {
  return msToNext < 0
    ? 'No timer is set.'
    : `The next timer runs out in ${Math.ceil(msToNext)} ms of virtual time; advance() gets there.`;
}
