import { SluiceError } from '@sluice/core';

/** A field name, value, method, target or reason was given that can't be sent. */
export class InvalidHeaderError extends SluiceError {
  override readonly name = 'InvalidHeaderError';

  constructor(message: string) {
    super('SLUICE_INVALID_HEADER', message);
  }
}
