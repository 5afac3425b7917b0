import { SluiceError } from '@sluice/core';

/** Workers could not go over to a configuration, and so none has. */
export class ReloadRefusedError extends SluiceError {
  override readonly name = 'ReloadRefusedError';
  /** In the words of the workers that can't, each once. */
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super('SLUICE_RELOAD_REFUSED', reasons.join('\n'));
    this.reasons = reasons;
  }
}
