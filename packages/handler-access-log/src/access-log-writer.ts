/**
 * Takes the lines of the access log. A destination of pino is one too, as far as `write` goes; and
 * a writer can be pino's destination.
 */
export interface AccessLogWriter {
  /** Takes one line with its end. Never blocks, never throws. */
  write(line: string): void;
  /** Opens the file anew under its name, because it was renamed. */
  reopen?(): void;
  /** Resolves when all lines taken before are written, or given up, and the file is closed. */
  close?(): Promise<void>;
}

/** Drops every line. */
export const OFF_WRITER: AccessLogWriter = { write: () => {} };
