import { OTHER } from './metric-family.ts';

/** The code of an error, as `ECONNRESET` or `SLUICE_HTTP_DECODE`, or else its name. */
export function errorLabel(cause: unknown): string {
  if (!(cause instanceof Error)) return OTHER;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
