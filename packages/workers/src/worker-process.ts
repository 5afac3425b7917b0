import type { FromWorker, ToWorker } from './messages.ts';

/** A process that the supervisor has started. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** Does nothing when the process has ended. */
  send(message: ToWorker): void;
  /** Ends it at once. */
  kill(): void;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/** Hears of a process. {@link exited} is the last call. */
export interface WorkerProcessListener {
  received(message: FromWorker): void;
  exited(exit: ProcessExit): void;
}

/** Starts a process for a worker; `id` is its number, from 1. Calls the listener later, never at once. */
export type StartWorkerProcess = (id: number, listener: WorkerProcessListener) => WorkerProcess;
