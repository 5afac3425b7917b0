import { pino } from 'pino';
import type { Logger } from 'pino';
import { UsageError } from '../command-line/usage-error.ts';

const LEVELS: readonly string[] = [...Object.keys(pino.levels.values), 'silent'];
const STDERR = 2;

/** The log of the program: JSON lines on standard error, from the level in LOG_LEVEL on. Throws a {@link UsageError} for a level that is none. */
export function programLog(level = process.env['LOG_LEVEL'] || 'info'): Logger {
  if (LEVELS.includes(level)) return pino({ level }, pino.destination(STDERR));
  throw new UsageError(`LOG_LEVEL takes ${LEVELS.join(', ')}; got "${level}".`);
}
