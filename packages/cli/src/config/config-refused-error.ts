import { SluiceError } from '@sluice/core';

/** A configuration file has errors; the message shows all of them for a terminal. Ends the program with 2. */
export class ConfigRefusedError extends SluiceError {
  override readonly name = 'ConfigRefusedError';

  constructor(message: string, cause: unknown) {
    super('SLUICE_CONFIG', message, { cause });
  }
}
