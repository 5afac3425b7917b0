import { SluiceError } from '@sluice/core';

/** Servers could not be found: a name that is not resolved, a file that can't be read or understood. */
export class DiscoveryError extends SluiceError {
  override readonly name = 'DiscoveryError';

  constructor(message: string, options?: ErrorOptions) {
    super('SLUICE_DISCOVERY', message, options);
  }
}
