import { SluiceError } from '@sluice/core';

/** A metric was declared twice in different ways, or asked for with the wrong labels. */
export class MetricError extends SluiceError {
  override readonly name = 'MetricError';

  constructor(message: string) {
    super('SLUICE_METRIC', message);
  }
}
