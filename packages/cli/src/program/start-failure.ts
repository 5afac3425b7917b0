import { SluiceError } from '@sluice/core';
import { ProjectError } from 'create-sluice';
import { WorkerError } from '@sluice/workers';
import { UsageError } from '../command-line/usage-error.ts';

const EXIT_USAGE = 2;

/** What to tell the person who started the program, and what to end with. Throws what is a fault of the program. */
export function startFailure(cause: unknown): { readonly message: string; readonly exitCode: number } {
  if (cause instanceof WorkerError) return { message: cause.message, exitCode: cause.exitCode };
  if (cause instanceof UsageError) {
    return { message: `${cause.message}\nRun it with --help to see how it is used.`, exitCode: EXIT_USAGE };
  }
  if (cause instanceof SluiceError || cause instanceof ProjectError)
    return { message: cause.message, exitCode: EXIT_USAGE };
  throw cause;
}
