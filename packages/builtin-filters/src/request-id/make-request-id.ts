import { randomUUID } from 'node:crypto';

const TIME_DIGITS = 12;

/** A UUID of RFC 9562: version 4, or version 7 for the given time in ms since 1970. */
export function makeRequestId(format: 'v4' | 'v7', epochMs: number): string {
  const random = randomUUID();
  if (format === 'v4') return random;
  // Time and version in the place of the first 52 bits; the variant and 74 random bits stay.
  const time = Math.floor(epochMs).toString(16).padStart(TIME_DIGITS, '0').slice(-TIME_DIGITS);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
