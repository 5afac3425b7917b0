import type { Head } from './head.ts';
import { MalformedMessageError, valuesOf } from './head.ts';

/** How the end of a message is known. */
export type Framing =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }
  | { readonly kind: 'tunnel' };

const none: Framing = { kind: 'none' };

/** Method, target and version of a request. */
export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: string;
}

/** Reads a request line with single spaces and HTTP/1.0 or 1.1. */
export function parseRequestLine(line: string): RequestLine {
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([^ \t]+) (HTTP\/1\.[01])$/.exec(line);
  if (!match) throw new MalformedMessageError(`not a request line: ${JSON.stringify(line.slice(0, 120))}`);
  const [, method = '', target = '', version = ''] = match;
  return { method, target, version };
}

/** The status code of a status line. */
export function parseStatus(line: string): number {
  const match = /^HTTP\/1\.[01] ([1-9]\d\d) /.exec(line);
  if (!match) throw new MalformedMessageError(`not a status line: ${JSON.stringify(line.slice(0, 120))}`);
  return Number(match[1]);
}

/** RFC 9112 §6.3 for a request: no length means no body. */
export function requestFraming(head: Head): Framing {
  parseRequestLine(head.startLine);
  return declaredFraming(head) ?? none;
}

/** RFC 9112 §6.3 for the response to a request with `method`. */
export function responseFraming(head: Head, method: string): Framing {
  const status = parseStatus(head.startLine);
  if (status === 101) return { kind: 'tunnel' };
  const declared = declaredFraming(head);
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return none;
  return declared ?? { kind: 'until-close' };
}

function declaredFraming({ fields }: Head): Framing | undefined {
  const lengths = valuesOf(fields, 'content-length');
  const codings = valuesOf(fields, 'transfer-encoding');
  if (lengths.length + codings.length > 1) {
    throw new MalformedMessageError(`more than one framing field: ${[...lengths, ...codings].join(' | ')}`);
  }
  const [coding] = codings;
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked') throw new MalformedMessageError(`Transfer-Encoding: ${coding}`);
    return { kind: 'chunked' };
  }
  const [length] = lengths;
  if (length === undefined) return undefined;
  if (!/^\d{1,15}$/.test(length)) throw new MalformedMessageError(`Content-Length: ${length}`);
  return { kind: 'length', length: Number(length) };
}
