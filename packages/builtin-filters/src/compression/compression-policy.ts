import { FieldNameSet } from '@sluice/codec-http';
import { ContextKey } from '@sluice/filters';
import type { HttpResponseMessage, SessionContext } from '@sluice/filters';
import { addVary } from '../shared/vary.ts';
import { negotiateCoding } from './accept-encoding.ts';
import type { ContentCoding } from './accept-encoding.ts';
import type { CompressionOptions } from './compression-options.ts';

/** What the client says that it can decode. Absent for a request whose response has no body. */
export const ACCEPT_ENCODING: ContextKey<string> = new ContextKey('accept-encoding');

// They tell of the octets of the body, which will be others.
const OUTDATED = new FieldNameSet([
  'accept-ranges',
  'content-digest',
  'content-md5',
  'digest',
  'repr-digest',
]);

const RESET_CONTENT = 205;
const PARTIAL_CONTENT = 206;

/** Says which responses are compressed, and how their fields change. */
export class CompressionPolicy {
  readonly #minBytes: number;
  readonly #codings: readonly ContentCoding[];
  readonly #types: ReadonlySet<string>;

  constructor({ minBytes, codings, types }: CompressionOptions) {
    this.#minBytes = minBytes;
    this.#codings = codings;
    this.#types = new Set(types);
  }

  /**
   * The coding to use; undefined for a response to be left alone. One that another client would
   * have got compressed says so in its Vary.
   */
  codingFor(response: HttpResponseMessage, context: SessionContext): ContentCoding | undefined {
    const accepted = context.get(ACCEPT_ENCODING);
    if (accepted === undefined || !this.#isEligible(response)) return undefined;
    addVary(response.headers, 'Accept-Encoding');
    return negotiateCoding(accepted, this.#codings);
  }

  /** Tells the coding; a validator of the octets becomes one of their meaning (RFC 9110 §8.8.1). */
  announce({ headers }: HttpResponseMessage, coding: ContentCoding): void {
    headers.set('content-encoding', coding);
    headers.deleteAll(OUTDATED);
    const etag = headers.get('etag');
    if (etag?.startsWith('"')) headers.set('etag', `W/${etag}`);
  }

  #isEligible({ status, headers, outboundResponse }: HttpResponseMessage): boolean {
    const { framing, contentLength } = outboundResponse;
    if (status < 200 || status === RESET_CONTENT || status === PARTIAL_CONTENT || framing === 'none')
      return false;
    if (framing === 'length' && contentLength < Math.max(1, this.#minBytes)) return false;
    if (headers.has('content-encoding') || headers.has('content-range')) return false;
    return (
      !headers.containsToken('cache-control', 'no-transform') && this.#isListed(headers.get('content-type'))
    );
  }

  #isListed(contentType = ''): boolean {
    const end = contentType.indexOf(';');
    const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
    const slash = type.indexOf('/') + 1;
    const suffix = type.lastIndexOf('+');
    const family = type.slice(0, slash);
    return (
      this.#types.has(type) ||
      this.#types.has(`${family}*`) ||
      (suffix > slash && this.#types.has(`${family}*${type.slice(suffix)}`))
    );
  }
}
