import { SluiceError } from '@sluice/core';

/** Something was written that would not have made a well-formed message; it was not sent. */
export class HttpEncodeError extends SluiceError {
  override readonly name = 'HttpEncodeError';

  constructor(message: string) {
    super('SLUICE_HTTP_ENCODE', message);
  }
}
