import { SluiceError } from '@sluice/core';

/** A format of the access log can't be used. The message says what in it, and what could stand there. */
export class AccessLogFormatError extends SluiceError {
  override readonly name = 'AccessLogFormatError';

  constructor(message: string) {
    super('SLUICE_ACCESS_LOG_FORMAT', message);
  }
}
