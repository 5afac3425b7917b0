/** The four methods that the framework calls of a logger; pino, console and others have them. */
export interface Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

/** Drops every line. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
};

/** Writes warnings and errors to standard error; what a channel uses until it is given another. */
export const stderrLogger: Logger = {
  error: (fields, message) => console.error(message, fields),
  warn: (fields, message) => console.warn(message, fields),
  info: () => {},
  debug: () => {},
};
