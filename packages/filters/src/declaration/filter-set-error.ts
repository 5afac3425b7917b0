import { SluiceError } from '@sluice/core';

/** A list of filters can't be used: the message names the filters and what is wrong with them. */
export class FilterSetError extends SluiceError {
  override readonly name = 'FilterSetError';

  constructor(message: string, options?: ErrorOptions) {
    super('SLUICE_FILTER_SET', message, options);
  }
}
