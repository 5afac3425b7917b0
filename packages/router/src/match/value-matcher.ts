import { compileRegex } from './regex.ts';

/** How one value of a request, of a header field or a query parameter, is compared; one of them, or presence. */
export interface ValueMatch {
  readonly exact?: string | undefined;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  readonly contains?: string | undefined;
  readonly regex?: string | undefined;
  readonly range?: { readonly from: number; readonly to: number } | undefined;
  readonly present?: boolean | undefined;
  readonly ignoreCase?: boolean | undefined;
  readonly invert?: boolean | undefined;
}

export type ValueTest = (value: string | undefined) => boolean;

const INTEGER = /^[+-]?\d{1,15}$/;

/** Makes the test of a value, which is undefined when the request has none. An inverted test holds then. */
export function valueTest(match: ValueMatch): ValueTest {
  const test = plainTest(match);
  return match.invert === true ? (value) => !test(value) : test;
}

function plainTest({ ignoreCase = false, ...match }: ValueMatch): ValueTest {
  const { exact, prefix, suffix, contains, regex, range, present = true } = match;
  if (exact !== undefined) return onText(exact, ignoreCase, (value, wanted) => value === wanted);
  if (prefix !== undefined) return onText(prefix, ignoreCase, (value, wanted) => value.startsWith(wanted));
  if (suffix !== undefined) return onText(suffix, ignoreCase, (value, wanted) => value.endsWith(wanted));
  if (contains !== undefined) return onText(contains, ignoreCase, (value, wanted) => value.includes(wanted));
  if (regex !== undefined) {
    const compiled = compileRegex(regex, ignoreCase);
    return (value) => value !== undefined && compiled.testExact(value);
  }
  if (range !== undefined) {
    const { from, to } = range;
    return (value) =>
      value !== undefined && INTEGER.test(value) && Number(value) >= from && Number(value) < to;
  }
  return (value) => (value !== undefined) === present;
}

function onText(
  wanted: string,
  ignoreCase: boolean,
  compare: (value: string, wanted: string) => boolean,
): ValueTest {
  if (!ignoreCase) return (value) => value !== undefined && compare(value, wanted);
  const lower = wanted.toLowerCase();
  return (value) => value !== undefined && compare(value.toLowerCase(), lower);
}

/** Such a comparison in words. */
export function describeValue({ ignoreCase = false, invert = false, ...match }: ValueMatch): string {
  const [kind, wanted] = Object.entries(match).find(([, value]) => value !== undefined) ?? ['present', true];
  const words = kind === 'present' ? (wanted === true ? 'present' : 'absent') : `${kind} ${show(wanted)}`;
  return `${invert ? 'not ' : ''}${words}${ignoreCase ? ' in any case' : ''}`;
}

function show(wanted: unknown): string {
  if (typeof wanted === 'object' && wanted !== null && 'from' in wanted && 'to' in wanted) {
    return `[${String(wanted.from)}, ${String(wanted.to)})`;
  }
  return JSON.stringify(wanted);
}
