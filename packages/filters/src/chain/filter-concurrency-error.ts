import { SluiceError } from '@sluice/core';

/** A filter was not called, because as many calls of it are under way as there may be. */
export class FilterConcurrencyError extends SluiceError {
  override readonly name = 'FilterConcurrencyError';

  constructor(filter: string, limit: number) {
    super(
      'SLUICE_FILTER_CONCURRENCY',
      `${limit} calls of the filter ${filter} are under way; it takes no more.`,
    );
  }
}
