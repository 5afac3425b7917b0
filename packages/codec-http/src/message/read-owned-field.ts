import type { HttpRequest } from './http-request.ts';
import { OWNED_FIELDS } from './owned-fields.ts';

/** Those that the properties of a request tell in full. Of the others, as `connection`, a part is gone. */
const READERS: ReadonlyMap<string, (request: HttpRequest) => string | undefined> = new Map([
  ['content-length', ({ framing, contentLength }) => (framing === 'length' ? `${contentLength}` : undefined)],
  ['expect', ({ expectsContinue }) => (expectsContinue ? '100-continue' : undefined)],
  ['host', ({ authority }) => (authority === '' ? undefined : authority)],
  ['te', ({ acceptsTrailers }) => (acceptsTrailers ? 'trailers' : undefined)],
  ['transfer-encoding', ({ framing }) => (framing === 'chunked' ? 'chunked' : undefined)],
  ['upgrade', ({ upgrade }) => upgrade],
]);

/**
 * The value of a request's field that the codec owns, as its property has it: `host` in lower case with its port.
 * Undefined when the request does not have it, for another field, and for one of which `isReadableField` is false.
 */
export function readOwnedField(request: HttpRequest, name: string): string | undefined {
  return READERS.get(name.toLowerCase())?.(request);
}

/** Whether a field of this name can be looked at in a request: in its `headers`, or by {@link readOwnedField}. */
export function isReadableField(name: string): boolean {
  const lower = name.toLowerCase();
  return READERS.has(lower) || !OWNED_FIELDS.has(lower);
}
