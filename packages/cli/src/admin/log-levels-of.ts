import { LogLevels } from '@sluice/admin';
import type { LevelledLogger } from '@sluice/admin';
import type { Logger } from '@sluice/core';

/** The levels of a logger that has some to be changed. */
export function logLevelsOf(logger: Logger & Partial<LevelledLogger>): LogLevels | undefined {
  return isLevelled(logger) ? new LogLevels({ sluice: logger }) : undefined;
}

function isLevelled(logger: Logger & Partial<LevelledLogger>): logger is Logger & LevelledLogger {
  return logger.level !== undefined;
}
