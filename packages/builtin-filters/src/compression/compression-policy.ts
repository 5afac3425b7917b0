import { ContextKey } from '@sluice/filters';
import type { HttpResponseMessage, SessionContext } from '@sluice/filters';
import { addVary } from '../shared/vary.ts';
import { negotiateCoding } from './accept-encoding.ts';
import type { ContentCoding } from './accept-encoding.ts';
import type { CompressionOptions } from './compression-options.ts';

/** What the client says that it can decode. Absent where it wants the body as it is. */
export const ACCEPT_ENCODING: ContextKey<string> = new ContextKey('accept-encoding');

/** The ETags of what the client holds. Absent where it says of none. */
export const HELD_TAGS: ContextKey<string> = new ContextKey('held-tags');

const NOT_MODIFIED = 304;
// No content, or a part of it.
const UNFIT: ReadonlySet<number> = new Set([204, 205, 206]);

/** Says which responses are compressed. */
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
   * have got compressed says so in its Vary. One to HEAD, or a 304, which has no body here, loses what
   * is not true of a compressed one: its coding and length are only known with the body (RFC 9110 §9.3.2).
   */
  codingFor(response: HttpResponseMessage, context: SessionContext): ContentCoding | undefined {
    const accepted = context.get(ACCEPT_ENCODING);
    if (accepted === undefined || !this.#isEligible(response)) return undefined;
    addVary(response.headers, 'Accept-Encoding');
    const coding = negotiateCoding(accepted, this.#codings);
    const hasBody = response.outboundResponse.framing !== 'none' && response.status !== NOT_MODIFIED;
    if (hasBody) return coding;
    if (coding !== undefined && !isHeldAsItIs(response, context)) response.setBodyChanged();
    return undefined;
  }

  #isEligible({ status, headers, outboundResponse }: HttpResponseMessage): boolean {
    const { contentLength, opensTunnel } = outboundResponse;
    if (status < 200 || UNFIT.has(status) || opensTunnel) return false;
    if (contentLength >= 0 && contentLength < Math.max(1, this.#minBytes)) return false;
    if (headers.has('content-encoding') || headers.has('content-range')) return false;
    if (headers.containsToken('cache-control', 'no-transform')) return false;
    const contentType = headers.get('content-type');
    // RFC 9110 §15.4.5: a 304 need not tell its type.
    return (status === NOT_MODIFIED && contentType === undefined) || this.#isListed(contentType);
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

/** Whether a 304 tells the client to go on with a body that it has got without a coding: then its tag is strong. */
function isHeldAsItIs({ status, headers }: HttpResponseMessage, context: SessionContext): boolean {
  const tag = headers.get('etag');
  const held = context.get(HELD_TAGS);
  if (status !== NOT_MODIFIED || tag === undefined || held === undefined) return false;
  return held.includes(tag) && !held.includes(`W/${tag}`);
}
