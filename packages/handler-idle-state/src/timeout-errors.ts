import { SluiceError } from '@sluice/core';

/** Nothing was read from the peer within the time allowed. */
export class ReadTimeoutError extends SluiceError {
  override readonly name = 'ReadTimeoutError';

  constructor(timeoutMs: number) {
    super('SLUICE_READ_TIMEOUT', `Nothing was read for ${timeoutMs} ms.`);
  }
}

/** A write was not completed within the time allowed: the peer takes nothing, or too little. */
export class WriteTimeoutError extends SluiceError {
  override readonly name = 'WriteTimeoutError';

  constructor(timeoutMs: number) {
    super('SLUICE_WRITE_TIMEOUT', `A write was not completed within ${timeoutMs} ms.`);
  }
}
