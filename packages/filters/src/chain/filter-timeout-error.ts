import { SluiceError } from '@sluice/core';

/** An asynchronous filter did not answer in time. */
export class FilterTimeoutError extends SluiceError {
  override readonly name = 'FilterTimeoutError';

  constructor(filter: string, timeoutMs: number) {
    super('SLUICE_FILTER_TIMEOUT', `The filter ${filter} did not answer within ${timeoutMs} ms.`);
  }
}
