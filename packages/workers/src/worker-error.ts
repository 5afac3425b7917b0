import { SluiceError } from '@sluice/core';

/** A worker could not be started, or did not answer. */
export class WorkerError extends SluiceError {
  override readonly name = 'WorkerError';
  /** What the program should end with when this ends it. Default: 1. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super('SLUICE_WORKER', message);
    this.exitCode = exitCode;
  }
}
