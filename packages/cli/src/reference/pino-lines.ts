import { pino } from 'pino';

/** Makes a JSON line of an object as pino makes it, with pino's level and without its time: an access line has its own. */
export function pinoLines(): (fields: object) => string {
  let line = '';
  const destination = { write: (text: string): void => void (line = text) };
  const logger = pino(
    { base: null, timestamp: false, formatters: { level: (level) => ({ level }) } },
    destination,
  );
  return (fields) => {
    logger.info(fields);
    return line.trimEnd();
  };
}
