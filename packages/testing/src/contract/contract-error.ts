import { SluiceError } from '@sluice/core';

/** A handler breaks a rule of the contract. The message says what was seen and what was expected. */
export class ContractError extends SluiceError {
  override readonly name = 'ContractError';

  constructor(message: string, cause?: unknown) {
    super('SLUICE_HANDLER_CONTRACT', message, { cause });
  }
}
