/** What the primary tells a worker. `data`, and what comes back, must survive a structured clone. */
export type ToWorker =
  /** The answer to `hello`. Not in the environment, which other programs of the user can read. */
  | { readonly type: 'start'; readonly data: unknown }
  | { readonly type: 'drain' }
  /** Asks for a `pong`: whether its event loop turns. */
  | { readonly type: 'ping' }
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly data: unknown };

/** What a worker tells the primary. */
export type FromWorker =
  /** It listens to messages. What is sent to a worker of `node:cluster` before that is lost. */
  | { readonly type: 'hello' }
  | { readonly type: 'ready'; readonly info: unknown }
  | { readonly type: 'pong' }
  /** It can't start, for a reason that a person can mend. */
  | { readonly type: 'failed'; readonly failure: StartFailure }
  /** The last message before a worker that was drained ends. */
  | { readonly type: 'drained'; readonly report: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly value?: unknown; readonly error?: string };

/** Why a worker can't start, in words for the person who started the program. */
export interface StartFailure {
  readonly message: string;
  /** What the whole program should end with. */
  readonly exitCode: number;
}
