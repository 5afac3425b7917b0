import { resolve } from 'node:path';
import { AccessLogFormatError } from './access-log-format-error.ts';
import type { AccessLogEntry } from './access-log-entry.ts';
import { AccessLogOptions } from './access-log-options.ts';
import { OFF_WRITER } from './access-log-writer.ts';
import type { AccessLogWriter } from './access-log-writer.ts';
import { BatchWriter } from './batch-writer.ts';
import type { BatchWriterOptions, LogDestination } from './batch-writer.ts';
import { compileTextFormat } from './compile-format.ts';
import type { AccessLogFormat, JsonFormatOptions } from './compile-format.ts';
import { DescriptorDestination } from './descriptor-destination.ts';
import { FileDestination } from './file-destination.ts';
import { combinedFormat, jsonFormat, tabFormat } from './formats.ts';

const STDOUT = 1;

const NO_LINE: AccessLogFormat = () => '';

/** The access log of a gateway: a format and a writer, shared by all connections. Without them it is off, as where none is bound. */
export class AccessLog {
  readonly #format: AccessLogFormat;
  readonly #writer: AccessLogWriter;

  constructor(format: AccessLogFormat = NO_LINE, writer: AccessLogWriter = OFF_WRITER) {
    this.#format = format;
    this.#writer = writer;
  }

  /** Whether lines go nowhere, so that none need be made. */
  get isOff(): boolean {
    return this.#writer === OFF_WRITER;
  }

  log(entry: AccessLogEntry): void {
    this.#writer.write(`${this.#format(entry)}\n`);
  }

  /** Opens the file anew: for SIGUSR1. A file that was renamed is noticed without it, within a second. */
  reopen(): void {
    this.#writer.reopen?.();
  }

  /** Resolves when all lines are written; those that nobody takes within 3 s are lost. */
  async close(): Promise<void> {
    await this.#writer.close?.();
  }
}

export interface AccessLogHooks extends Pick<BatchWriterOptions, 'logger' | 'onDrop'> {
  /** Makes the lines of a JSON format, like a logger's own serializer. Default: `JSON.stringify`. */
  readonly stringify?: JsonFormatOptions['stringify'];
}

/**
 * Makes the access log that the options say. Throws an AccessLogFormatError; a file that can't be
 * opened is told to the logger, and tried again for each batch of lines.
 */
export function openAccessLog(
  options: Partial<AccessLogOptions> = {},
  { stringify, ...hooks }: AccessLogHooks = {},
): AccessLog {
  const { destination, format, maxValueLength, maxQueuedBytes, flushIntervalMs, isShared } = {
    ...new AccessLogOptions(),
    ...options,
  };
  const compiled = formatOf(format, { maxValueLength, ...(stringify && { stringify }) });
  if (destination === 'off') return new AccessLog(compiled, OFF_WRITER);
  const limits = { maxQueuedBytes, flushIntervalMs };
  const writer = new BatchWriter(destinationOf(destination, isShared), { ...hooks, ...limits });
  writer.reopen();
  return new AccessLog(compiled, writer);
}

function destinationOf(destination: string, isShared: boolean): LogDestination {
  if (destination !== 'stdout') return new FileDestination(resolve(destination));
  // Opened as a stream a pipe does not block any more: a write that nobody takes would hold a thread, and the process
  // with it. Not where others write to it, each of which sets it to block again when it starts or ends.
  if (!isShared) void process.stdout;
  return new DescriptorDestination(STDOUT, { isShared });
}

function formatOf(format: AccessLogOptions['format'], options: JsonFormatOptions): AccessLogFormat {
  if (typeof format !== 'string') return jsonFormat(format, options);
  if (format === 'tab') return tabFormat(options);
  if (format === 'combined') return combinedFormat(options);
  if (format === 'json') return jsonFormat(undefined, options);
  if (format.includes('%')) return compileTextFormat(format, options);
  throw new AccessLogFormatError(
    `The format "${format}" is neither tab, combined nor json, nor has it an operator.`,
  );
}
