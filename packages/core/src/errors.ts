/** Where an error came from, as seen by the channel or gateway that reports it. */
export type ErrorSource = 'downstream' | 'upstream' | 'internal';

export interface SluiceErrorOptions extends ErrorOptions {
  readonly source?: ErrorSource;
}

/** The base of every error of the framework. `code` is stable; `message` is for people. */
export class SluiceError extends Error {
  override readonly name: string = 'SluiceError';
  readonly code: `SLUICE_${string}`;
  /** Default: `internal`. */
  readonly source: ErrorSource;

  constructor(code: `SLUICE_${string}`, message: string, options: SluiceErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.source = options.source ?? 'internal';
  }
}

/** A pipeline was asked for what it can't do, or a handler failed while it was added or removed. */
export class ChannelPipelineError extends SluiceError {
  override readonly name = 'ChannelPipelineError';

  constructor(message: string, options?: SluiceErrorOptions) {
    super('SLUICE_PIPELINE', message, options);
  }
}

/** An end that nobody's code is to blame for. Made for every channel that ends, it takes no stack trace. */
abstract class StacklessError extends SluiceError {
  constructor(code: `SLUICE_${string}`, message: string, options?: SluiceErrorOptions) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(code, message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The channel is closed; `cause` is why it was closed, where that is known. Without a stack trace. */
export class ClosedChannelError extends StacklessError {
  override readonly name = 'ClosedChannelError';

  constructor(options?: SluiceErrorOptions) {
    super('SLUICE_CHANNEL_CLOSED', 'The channel is closed.', options);
  }

  /** One with this cause; without a cause, the same for all channels: it has nothing of its own. */
  static of(cause: unknown): ClosedChannelError {
    if (cause instanceof ClosedChannelError) return cause;
    return cause === undefined ? CLOSED : new ClosedChannelError({ cause });
  }
}

// An error costs more than most of what closes a channel.
const CLOSED = new ClosedChannelError();

/** The sending side of the channel was shut down; the receiving side may still be open. Without a stack trace. */
export class ChannelOutputShutdownError extends StacklessError {
  override readonly name = 'ChannelOutputShutdownError';

  constructor(options?: SluiceErrorOptions) {
    super('SLUICE_OUTPUT_SHUTDOWN', 'The output of the channel was shut down.', options);
  }

  /** As {@link ClosedChannelError.of}. */
  static of(cause: unknown): ChannelOutputShutdownError {
    return cause === undefined ? OUTPUT_SHUTDOWN : new ChannelOutputShutdownError({ cause });
  }
}

const OUTPUT_SHUTDOWN = new ChannelOutputShutdownError();

/** Something was flushed before the channel was connected. */
export class NotYetConnectedError extends SluiceError {
  override readonly name = 'NotYetConnectedError';

  constructor() {
    super('SLUICE_NOT_YET_CONNECTED', 'The channel is not connected yet.');
  }
}

/** `connect` was called while an earlier `connect` was still under way. */
export class ConnectionPendingError extends SluiceError {
  override readonly name = 'ConnectionPendingError';

  constructor() {
    super('SLUICE_CONNECTION_PENDING', 'A connect is already under way on this channel.');
  }
}

/** `connect` was called on a connected channel. */
export class AlreadyConnectedError extends SluiceError {
  override readonly name = 'AlreadyConnectedError';

  constructor() {
    super('SLUICE_ALREADY_CONNECTED', 'The channel is already connected.');
  }
}

/** No connection within the channel's `connectTimeoutMs`. */
export class ConnectTimeoutError extends SluiceError {
  override readonly name = 'ConnectTimeoutError';

  constructor(timeoutMs: number, address: string) {
    super('SLUICE_CONNECT_TIMEOUT', `No connection to ${address} within ${timeoutMs} ms.`, {
      source: 'upstream',
    });
  }
}

/** A message reached the head of a pipeline that its transport can't send. */
export class UnsupportedMessageTypeError extends SluiceError {
  override readonly name = 'UnsupportedMessageTypeError';

  constructor(message: unknown) {
    super(
      'SLUICE_UNSUPPORTED_MESSAGE',
      `The transport sends Buffers; the head of the pipeline was given ${typeName(message)}. Is an encoder missing?`,
    );
  }
}

/** An operation was given up before it was carried out, because its promise was cancelled. */
export class CancellationError extends SluiceError {
  override readonly name = 'CancellationError';

  constructor() {
    super('SLUICE_CANCELLED', 'The operation was cancelled.');
  }
}

/** A channel was asked for an operation that its transport doesn't have. */
export class UnsupportedOperationError extends SluiceError {
  override readonly name = 'UnsupportedOperationError';

  constructor(operation: string, channel: object) {
    super('SLUICE_UNSUPPORTED_OPERATION', `A ${channel.constructor.name} can't ${operation}.`);
  }
}

/** What a value is, for a message: the name of its class. */
export function typeName(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return (value as { constructor?: { name: string } }).constructor?.name ?? 'an object without a class';
}
