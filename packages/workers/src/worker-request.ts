import type { SupervisedWorker } from './supervised-worker.ts';
import type { WorkerError } from './worker-error.ts';

/** A question to a worker, by its types: what goes with it and what comes back. Both must survive a structured clone. */
export interface WorkerRequest {
  readonly data: unknown;
  readonly reply: unknown;
}

/** All that the workers of a program can be asked, by name: the one place that both of its ends are typed by. */
export type WorkerRequests<All> = { readonly [Name in keyof All]: WorkerRequest };

/** Requests of any name, for who has no types for them. */
export type AnyWorkerRequests = Readonly<Record<string, WorkerRequest>>;

export interface WorkerRequestOptions {
  /** How long a worker may take, in ms. Default: that of the supervisor. */
  readonly timeoutMs?: number;
  /** Which workers are asked. Default: all that have been ready and not ended. */
  readonly workers?: readonly SupervisedWorker[];
}

/** What follows the name of a request: its data, where it has any, and options. */
export type WorkerRequestArguments<Data> = undefined extends Data
  ? readonly [data?: Data, options?: WorkerRequestOptions]
  : readonly [data: Data, options?: WorkerRequestOptions];

/** What a worker said to a request; `value` is undefined when it did not answer, and `error` says why. */
export interface WorkerReply<Reply = unknown> {
  readonly worker: SupervisedWorker;
  readonly value: Reply | undefined;
  readonly error: WorkerError | undefined;
}
