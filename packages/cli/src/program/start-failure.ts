import { SluiceError } from '@sluice/core';
import type { WorkerError } from '@sluice/workers';
import { UsageError } from '../command-line/usage-error.ts';

const EXIT_USAGE = 2;

/** What to tell the person who started the program, and what to end with. Throws what is a fault of the program. */
export function startFailure(cause: unknown): { readonly message: string; readonly exitCode: number } {
  if (isWorkerError(cause)) return { message: cause.message, exitCode: cause.exitCode };
  if (cause instanceof UsageError) {
    return { message: `${cause.message}\nRun it with --help to see how it is used.`, exitCode: EXIT_USAGE };
  }
  if (cause instanceof SluiceError || isNamed(cause, 'ProjectError'))
    return { message: cause.message, exitCode: EXIT_USAGE };
  throw cause;
}

function isWorkerError(cause: unknown): cause is WorkerError {
  return isNamed(cause, 'WorkerError');
}

// Not by their classes: these come with packages that only the commands which throw them load.
function isNamed(cause: unknown, name: string): cause is Error {
  return cause instanceof Error && cause.name === name;
}
