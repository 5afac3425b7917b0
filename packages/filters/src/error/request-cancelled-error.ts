import { SluiceError } from '@sluice/core';

/** What a transform of a body gets in place of the next piece when nobody wants the rest any more. */
export class RequestCancelledError extends SluiceError {
  override readonly name = 'RequestCancelledError';

  constructor() {
    super('SLUICE_REQUEST_CANCELLED', 'The request is over; the rest of its body is not wanted.');
  }
}
