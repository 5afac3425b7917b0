import { HttpStatusError } from '@sluice/filters';
import type { LoggingReport } from '../seam/reports.ts';

/** A logger whose level can be changed while it is in use; pino's can. */
export interface LevelledLogger {
  level: string;
}

/** Pino's, from the most lines to none. */
const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The levels of a program's loggers. */
export class LogLevels {
  readonly #loggers: Readonly<Record<string, LevelledLogger>>;
  readonly #levels: readonly string[];

  /** `loggers` by the names that the operator sees; `levels` are those that they know. */
  constructor(loggers: Readonly<Record<string, LevelledLogger>>, levels = LEVELS) {
    this.#loggers = loggers;
    this.#levels = levels;
  }

  report(): LoggingReport {
    return {
      loggers: Object.fromEntries(Object.entries(this.#loggers).map(([name, { level }]) => [name, level])),
    };
  }

  /** Undefined: all loggers. Throws an HttpStatusError for a level or a logger that is not there. */
  set(level: string, name: string | undefined): LoggingReport {
    if (!this.#levels.includes(level)) {
      throw new HttpStatusError(400, `level: expected one of ${this.#levels.join(', ')}, found "${level}".`);
    }
    const names = Object.keys(this.#loggers);
    if (name !== undefined && !names.includes(name)) {
      throw new HttpStatusError(404, `There is no such logger. There is: ${names.join(', ')}.`);
    }
    for (const [at, logger] of Object.entries(this.#loggers)) {
      if (name === undefined || at === name) logger.level = level;
    }
    return this.report();
  }
}
