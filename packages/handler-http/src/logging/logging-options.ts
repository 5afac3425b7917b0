import type { Logger } from '@sluice/core';

/** A level of a {@link Logger}, or none. */
export type LoggingLevel = 'off' | 'debug' | 'info' | 'warn' | 'error';

export class LoggingOptions {
  /** The level of the lines; `off` takes the handler out of each pipeline, so that it costs nothing. */
  readonly level: LoggingLevel = 'off';
  /** `HEX_DUMP` shows the bytes of each buffer and body, `SIMPLE` their number alone. */
  readonly format: 'HEX_DUMP' | 'SIMPLE' = 'HEX_DUMP';
  /** Where the lines go; undefined: to the channel's logger. */
  readonly logger: Logger | undefined = undefined;
}
