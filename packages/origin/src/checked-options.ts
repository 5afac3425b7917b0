import { SluiceError } from '@sluice/core';

/** What a value must be: a number in a range, one of some words, or of a type. */
export type OptionRule =
  | { readonly least: number; readonly most?: number; readonly isWhole?: boolean }
  | readonly string[]
  | 'boolean'
  | 'text'
  | 'statuses';

export type OptionRules<T> = { readonly [K in keyof T]-?: OptionRule };

/**
 * The defaults with what is given in their place. Throws a {@link SluiceError} that names the place,
 * as `origins[0].healthCheck.intervalMs`, what was found and what was expected.
 */
export function checkedOptions<T extends object>(
  defaults: T,
  given: unknown,
  rules: OptionRules<T>,
  path: string,
): T {
  if (!isObject(given)) throw wrongConfig(path, 'an object', given);
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof T] : undefined;
    if (rule === undefined) {
      const known = Object.keys(rules).join(', ');
      throw new SluiceError('SLUICE_ORIGIN_CONFIG', `${path}.${name} is not known; known are ${known}.`);
    }
    if (!isGood(value, rule)) throw wrongConfig(`${path}.${name}`, expectedOf(rule), value);
  }
  return Object.assign(defaults, given);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function wrongConfig(path: string, expected: string, found: unknown): SluiceError {
  const got = typeof found === 'number' ? String(found) : (JSON.stringify(found) ?? 'nothing');
  return new SluiceError('SLUICE_ORIGIN_CONFIG', `${path} must be ${expected}; got ${got}.`);
}

function isGood(value: unknown, rule: OptionRule): boolean {
  if (rule === 'boolean') return typeof value === 'boolean';
  if (rule === 'text') return typeof value === 'string' && value !== '';
  if (rule === 'statuses') return Array.isArray(value) && value.length > 0 && value.every(isStatusRange);
  if (!('least' in rule)) return rule.includes(value as string);
  const { least, most = Number.MAX_SAFE_INTEGER, isWhole = false } = rule;
  if (typeof value !== 'number' || (isWhole && !Number.isInteger(value))) return false;
  return value >= least && value <= most;
}

function isStatusRange(value: unknown): boolean {
  const [from, to] = Array.isArray(value) ? (value as readonly unknown[]) : [value, value];
  return isStatus(from) && isStatus(to) && from <= to;
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599;
}

function expectedOf(rule: OptionRule): string {
  if (rule === 'boolean') return 'true or false';
  if (rule === 'text') return 'a text that is not empty';
  if (rule === 'statuses') return 'a list of statuses or [from, to] ranges of them';
  if (!('least' in rule)) return `one of ${rule.join(', ')}`;
  const to = rule.most === undefined ? '' : ` to ${rule.most}`;
  return `a ${rule.isWhole ? 'whole ' : ''}number from ${rule.least}${to}`;
}
