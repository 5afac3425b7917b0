const PATTERN =
  /^(?<scheme>[a-z][a-z\d+.-]*:\/\/)(?<wildcard>\*\.)?(?<host>[a-z\d.-]+|\[[\da-f:.]+\])(?<port>:\d{1,5})?$/;
const SUBDOMAIN = /^[a-z\d.-]+$/;

interface Wildcard {
  readonly start: string;
  readonly end: string;
}

/** The origins that scripts may come from: `https://a.example`, `https://*.a.example` for its subdomains, or `*`. */
export class OriginMatcher {
  readonly acceptsAny: boolean;
  readonly #exact: ReadonlySet<string>;
  readonly #wildcards: readonly Wildcard[];

  constructor(patterns: readonly string[]) {
    this.acceptsAny = patterns.includes('*');
    this.#exact = new Set(patterns);
    this.#wildcards = patterns.flatMap((pattern) => {
      const { scheme = '', wildcard, host = '', port = '' } = PATTERN.exec(pattern)?.groups ?? {};
      return wildcard === undefined ? [] : [{ start: scheme, end: `.${host}${port}` }];
    });
  }

  /** `origin`: the value of an Origin field, of which nothing is trusted. */
  accepts(origin: string): boolean {
    return this.acceptsAny || this.#exact.has(origin) || this.#wildcards.some((one) => matches(origin, one));
  }
}

/** Whether a text is a pattern, in the one form in which browsers write origins. */
export function isOriginPattern(text: string): boolean {
  if (text === '*') return true;
  const { scheme = '', host = '', port = '' } = PATTERN.exec(text)?.groups ?? {};
  if (scheme !== 'http://' && scheme !== 'https://') return scheme !== '';
  try {
    return new URL(`${scheme}${host}${port}`).origin === `${scheme}${host}${port}`;
  } catch {
    return false;
  }
}

function matches(origin: string, { start, end }: Wildcard): boolean {
  if (!origin.startsWith(start) || !origin.endsWith(end)) return false;
  return SUBDOMAIN.test(origin.slice(start.length, origin.length - end.length));
}
