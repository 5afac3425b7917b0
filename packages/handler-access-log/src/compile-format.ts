import type { AccessLogEntry } from './access-log-entry.ts';
import { escapeJson, escapeQuoted, escapeUnquoted } from './escape.ts';
import type { LogValue } from './field-operators.ts';
import { operatorValue } from './operators.ts';
import { parseTemplate } from './template.ts';
import type { Template, TemplateOperator } from './template.ts';

/** Makes the line of an entry, without its end. Only characters 0x20..0x7E and TAB come out. */
export type AccessLogFormat = (entry: AccessLogEntry) => string;

export interface TextFormatOptions {
  /** Characters after which a value is cut, before it is escaped. Default: 2048. */
  readonly maxValueLength?: number;
  /** Whether a number that is 0 counts as missing, but for a status: 0 is that of a request without a response. Default: false. */
  readonly isZeroMissing?: boolean;
}

export interface JsonFormatOptions extends Pick<TextFormatOptions, 'maxValueLength'> {
  /** Makes one line of JSON of an object, without its end. Default: `JSON.stringify`. */
  readonly stringify?: (fields: object) => string;
}

const MISSING = '-';
const DEFAULT_MAX_VALUE_LENGTH = 2048;

/**
 * Compiles a line with Envoy's operators into a function: `%START_TIME% "%REQ(:METHOD)% %REQ(:PATH)%"
 * %RESPONSE_CODE%`. A missing value is `-`. Nothing that a client sends can end a line, or a value
 * in quotes, or a column without. Throws an AccessLogFormatError.
 */
export function compileTextFormat(template: string, options: TextFormatOptions = {}): AccessLogFormat {
  const { literals, operators } = parseTemplate(template);
  const texts = operators.map((operator) => textOf(operator, options));
  return concatenation(literals, operators.map(operatorValue), texts);
}

/**
 * Compiles a JSON object into a function. `fields` gives a template for each key. One operator
 * alone keeps its type, and is null when missing; anything else is a string. Throws an
 * AccessLogFormatError.
 */
export function compileJsonFormat(
  fields: Readonly<Record<string, string>>,
  { maxValueLength = DEFAULT_MAX_VALUE_LENGTH, stringify = JSON.stringify }: JsonFormatOptions = {},
): AccessLogFormat {
  const values = Object.entries(fields).map(
    ([key, template]) => [key, jsonValue(parseTemplate(template), maxValueLength)] as const,
  );
  return (entry) => {
    const line: Record<string, string | number | null> = {};
    for (const [key, value] of values) line[key] = value(entry) ?? null;
    return escapeJson(stringify(line));
  };
}

type Value = ReturnType<LogValue>;

function concatenation(
  literals: readonly string[],
  values: readonly LogValue[],
  texts: readonly ((value: Value) => string)[],
): AccessLogFormat {
  const pieces = values.map((value, at) => piece(literals[at] ?? '', value, texts[at] ?? String));
  const end = literals[values.length] ?? '';
  return (entry) => {
    let line = '';
    for (const make of pieces) line += make(entry);
    return line + end;
  };
}

/** A literal and the value behind it. Most values are those of the line before: their text is made once. */
function piece(literal: string, value: LogValue, text: (value: Value) => string): AccessLogFormat {
  let latest: Value = undefined;
  let latestPiece = literal + text(latest);
  return (entry) => {
    const found = value(entry);
    if (found !== latest) {
      latest = found;
      latestPiece = literal + text(found);
    }
    return latestPiece;
  };
}

function textOf(operator: TemplateOperator, options: TextFormatOptions): (value: Value) => string {
  const { maxValueLength = DEFAULT_MAX_VALUE_LENGTH, isZeroMissing = false } = options;
  const maxLength = Math.min(operator.maxLength ?? maxValueLength, maxValueLength);
  // The spaces of a time are those of the template.
  const escape = operator.isQuoted || operator.name === 'START_TIME' ? escapeQuoted : escapeUnquoted;
  const omitsZero = isZeroMissing && operator.name !== 'RESPONSE_CODE';
  return (found) => {
    if (typeof found === 'number') return found === 0 && omitsZero ? MISSING : String(found);
    return found === undefined || found === '' ? MISSING : escape(cut(found, maxLength));
  };
}

function jsonValue({ literals, operators }: Template, maxValueLength: number): LogValue {
  const values = operators.map((operator) => rawValue(operator, maxValueLength));
  const [only] = values;
  if (only !== undefined && values.length === 1 && literals.every((literal) => literal === '')) return only;
  const texts = values.map(() => (value: Value) => String(value ?? MISSING));
  return concatenation(literals, values, texts);
}

function rawValue(operator: TemplateOperator, maxValueLength: number): LogValue {
  const value = operatorValue(operator);
  const maxLength = Math.min(operator.maxLength ?? maxValueLength, maxValueLength);
  return (entry) => {
    const found = value(entry);
    return typeof found === 'string' ? cut(found, maxLength) : found;
  };
}

function cut(value: string, maxLength: number): string {
  return value.length > maxLength ? value.slice(0, maxLength) : value;
}
