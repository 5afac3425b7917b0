import { AccessLogFormatError } from './access-log-format-error.ts';
import type { AccessLogEntry } from './access-log-entry.ts';

/** What an operator stands for: a number, a text that may have any character, or nothing. */
export type LogValue = (entry: AccessLogEntry) => string | number | undefined;

const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
]);

/** `REQ(X?Y)`: field X of the request, or else Y. `:method`, `:path` and `:authority` are fields too. */
export function requestField(argument: string | undefined): LogValue {
  return firstOf('REQ', argument, (name) => {
    if (name === ':method') return ({ method }) => method;
    if (name === ':path') return ({ target }) => target;
    if (name === ':authority' || name === 'host') return ({ authority }) => authority || undefined;
    if (name === 'content-length') return ({ request }) => nonNegative(request.contentLength);
    return ({ headers }) => joined(headers.getAll(name));
  });
}

/** `RESP(X?Y)`: field X of the response, or else Y. */
export function responseField(argument: string | undefined): LogValue {
  return firstOf('RESP', argument, (name) => {
    if (name === 'content-length') return ({ response }) => nonNegative(response?.contentLength ?? -1);
    return ({ response }) => joined(response?.headers.getAll(name) ?? []);
  });
}

function firstOf(
  operator: string,
  argument: string | undefined,
  valueOf: (name: string) => LogValue,
): LogValue {
  const names = (argument ?? '').toLowerCase().split('?');
  if (names.length > 2 || names.some((name) => name === '')) {
    throw new AccessLogFormatError(
      `%${operator}(${argument ?? ''})% needs one field name, or two with a ? between.`,
    );
  }
  const secret = names.find((name) => SECRET_FIELDS.has(name));
  if (secret !== undefined)
    throw new AccessLogFormatError(`The field ${secret} holds secrets; it is never logged.`);
  const [first, second] = names.map(valueOf);
  if (first === undefined || second === undefined) return first ?? (() => undefined);
  return (entry) => first(entry) ?? second(entry);
}

function joined(values: readonly string[]): string | undefined {
  return values.length > 1 ? values.join(',') : values[0];
}

function nonNegative(value: number): number | undefined {
  return value < 0 ? undefined : value;
}
