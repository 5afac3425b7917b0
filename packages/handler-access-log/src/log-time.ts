import { AccessLogFormatError } from './access-log-format-error.ts';

/** ISO 8601 in UTC with milliseconds. */
export const DEFAULT_TIME = '%Y-%m-%dT%H:%M:%S.%3fZ';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const SPECIFIER = /%([369]f|[A-Za-z%])/g;

const two = (value: number): string => String(value).padStart(2, '0');

const SPECIFIERS: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  Y: (date) => String(date.getUTCFullYear()),
  m: (date) => two(date.getUTCMonth() + 1),
  b: (date) => MONTHS[date.getUTCMonth()] ?? '',
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  s: (date) => String(Math.trunc(date.getTime() / 1000)),
  z: () => '+0000',
};

/** A stretch of text that stays the same for a second, and how many digits of a fraction follow it. */
interface Stretch {
  readonly parts: readonly ((date: Date) => string)[];
  readonly digits: number;
  text: string;
}

/**
 * Compiles a time in the manner of strftime, in UTC: `%Y %m %b %d %H %M %S %s %z %%`, and `%3f`,
 * `%6f`, `%9f` for the fraction of a second. Throws an AccessLogFormatError for anything else.
 *
 * The calendar is asked once a second; a line costs the milliseconds alone, and nothing within the same one.
 */
export function compileTime(format: string): (epochMs: number) => string {
  const stretches = stretchesOf(format);
  let second = Number.NaN;
  let latestMs = Number.NaN;
  let latest = '';
  return (epochMs) => {
    if (epochMs === latestMs) return latest;
    const now = Math.floor(epochMs / 1000);
    if (now !== second) {
      second = now;
      const date = new Date(now * 1000);
      for (const stretch of stretches) stretch.text = stretch.parts.map((part) => part(date)).join('');
    }
    const ms = String(Math.floor(epochMs) - now * 1000).padStart(3, '0');
    let time = '';
    for (const { text, digits } of stretches) time += digits === 0 ? text : text + ms.padEnd(digits, '0');
    latestMs = epochMs;
    latest = time;
    return time;
  };
}

function stretchesOf(format: string): Stretch[] {
  const stretches: Stretch[] = [];
  let parts: ((date: Date) => string)[] = [];
  let at = 0;
  const literal = (end: number): void => {
    const text = format.slice(at, end);
    if (text.includes('%')) throw unknownSpecifier(format, text);
    parts.push(() => text);
  };
  for (const match of format.matchAll(SPECIFIER)) {
    const [all, specifier = ''] = match;
    literal(match.index);
    at = match.index + all.length;
    const part = SPECIFIERS[specifier];
    if (part !== undefined) parts.push(part);
    else if (specifier.endsWith('f')) {
      stretches.push({ parts, digits: Number(specifier[0]), text: '' });
      parts = [];
    } else throw unknownSpecifier(format, all);
  }
  literal(format.length);
  stretches.push({ parts, digits: 0, text: '' });
  return stretches;
}

function unknownSpecifier(format: string, found: string): AccessLogFormatError {
  const known = Object.keys(SPECIFIERS).map((name) => `%${name}`);
  return new AccessLogFormatError(
    `The time "${format}" has "${found}"; expected ${known.join(' ')} %3f %6f or %9f.`,
  );
}
