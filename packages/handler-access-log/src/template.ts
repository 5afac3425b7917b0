import { AccessLogFormatError } from './access-log-format-error.ts';

/** `%NAME(argument):length%` in a template. */
export interface TemplateOperator {
  readonly name: string;
  readonly argument: string | undefined;
  /** Characters after which the value is cut. */
  readonly maxLength: number | undefined;
  /** Whether it stands between two double quotes. */
  readonly isQuoted: boolean;
}

/** A template taken apart: `literals[i]` stands before `operators[i]`, and one more at the end. */
export interface Template {
  readonly literals: readonly string[];
  readonly operators: readonly TemplateOperator[];
}

const OPERATOR = /%%|%([A-Z0-9_]+)(?:\(([^)]*)\))?(?::(\d{1,6}))?%/g;
const NOT_PRINTABLE = /[^\t -~]/;

/**
 * Takes a template apart. `%%` is a percent sign; a line end at the very end is left out. Throws an
 * AccessLogFormatError for a lone percent sign and for characters outside of TAB and 0x20..0x7E.
 */
export function parseTemplate(source: string): Template {
  const text = source.replace(/\r?\n$/, '');
  if (NOT_PRINTABLE.test(text)) {
    throw new AccessLogFormatError(
      `${JSON.stringify(text)} has a character that is neither TAB nor printable ASCII.`,
    );
  }
  const literals: string[] = [];
  const operators: TemplateOperator[] = [];
  let literal = '';
  let isQuoted = false;
  let at = 0;
  const take = (end: number): void => {
    const piece = text.slice(at, end);
    const percentAt = piece.indexOf('%');
    if (percentAt >= 0) throw lonePercent(text, at + percentAt);
    literal += piece;
    isQuoted = isQuoted !== (piece.split('"').length % 2 === 0);
  };
  for (const match of text.matchAll(OPERATOR)) {
    const [all, name, argument, length] = match;
    take(match.index);
    at = match.index + all.length;
    if (name === undefined) literal += '%';
    else {
      literals.push(literal);
      literal = '';
      operators.push({
        name,
        argument,
        maxLength: length === undefined ? undefined : Number(length),
        isQuoted,
      });
    }
  }
  take(text.length);
  return { literals: [...literals, literal], operators };
}

function lonePercent(text: string, at: number): AccessLogFormatError {
  const near = text.slice(at, at + 24);
  return new AccessLogFormatError(
    `At ${at} "${near}" is no operator; expected %NAME%, %NAME(…)% or %% for a percent sign.`,
  );
}
