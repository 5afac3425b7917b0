import type { Logger } from '@sluice/core';

/** A logger whose lines say which origin they are about. */
export function originLogger(logger: Logger, origin: string): Logger {
  return {
    error: (fields, message) => logger.error({ origin, ...fields }, message),
    warn: (fields, message) => logger.warn({ origin, ...fields }, message),
    info: (fields, message) => logger.info({ origin, ...fields }, message),
    debug: (fields, message) => logger.debug({ origin, ...fields }, message),
  };
}
