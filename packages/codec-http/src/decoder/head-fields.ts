import { latin1Slice } from '../grammar/latin1.ts';
import { HTAB, SP, spells } from '../grammar/octets.ts';
import { someListElement, hasToken } from '../grammar/list-tokens.ts';
import { ConnectionOptions } from './connection-options.ts';
import { parseContentLength } from './content-length.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import type { FieldSection } from './field-section.ts';
import { SPAN_STRIDE, trimmedEnd } from './field-section.ts';
import { parseKeepAliveTimeoutMs } from './keep-alive-timeout.ts';
import { chooseUpgrade } from './upgrade-token.ts';

/**
 * Takes the framing and connection fields out of a head, so that what is left can be forwarded.
 * One instance serves all messages of a connection.
 */
export class HeadFields {
  readonly connection = new ConnectionOptions();
  /** -1 when there is no Content-Length. */
  contentLength = -1;
  chunked = false;
  /** How many Host fields there were; the place of the last one follows. */
  hosts = 0;
  hostStart = 0;
  hostEnd = 0;
  expectsContinue = false;
  expectsOther = false;
  acceptsTrailers = false;
  upgrade: string | undefined = undefined;
  /** What Keep-Alive announces; Infinity when it does not. */
  keepAliveTimeoutMs = Infinity;
  /** The protocols that `upgrade` may name, in lower case. */
  allowedUpgrades: readonly string[];
  #failure: HttpDecodeFailure | undefined = undefined;

  constructor(allowedUpgrades: readonly string[]) {
    this.allowedUpgrades = allowedUpgrades;
  }

  /** Reads a section and removes the owned fields from its spans. Returns why it must be refused. */
  take(section: FieldSection, bytes: Buffer): HttpDecodeFailure | undefined {
    this.#reset();
    const { spans, fields } = section;
    let kept = 0;
    for (let at = 0; at < fields * SPAN_STRIDE; at += SPAN_STRIDE) {
      const nameStart = spans[at] ?? 0;
      const nameEnd = spans[at + 1] ?? 0;
      const start = spans[at + 2] ?? 0;
      const end = trimmedEnd(bytes, start, spans[at + 3] ?? 0);
      if (!this.#isOwned(bytes, nameStart, nameEnd, start, end)) {
        section.setField(kept++, nameStart, nameEnd, start, end);
      }
    }
    section.fields = kept;
    if (this.chunked && this.contentLength !== -1) this.#fail('http1.conflicting_framing');
    return this.#failure ?? this.#removeNominated(section, bytes);
  }

  #reset(): void {
    this.connection.reset();
    this.contentLength = -1;
    this.chunked = false;
    this.hosts = 0;
    this.expectsContinue = false;
    this.expectsOther = false;
    this.acceptsTrailers = false;
    this.upgrade = undefined;
    this.keepAliveTimeoutMs = Infinity;
    this.#failure = undefined;
  }

  #isOwned(bytes: Buffer, nameStart: number, nameEnd: number, start: number, end: number): boolean {
    // Few names have the length of an owned one, so most fields cost this switch alone.
    switch (nameEnd - nameStart) {
      case 2:
        return spells(bytes, nameStart, nameEnd, 'te') && this.#onTe(bytes, start, end);
      case 4:
        return spells(bytes, nameStart, nameEnd, 'host') && this.#onHost(start, end);
      case 6:
        return spells(bytes, nameStart, nameEnd, 'expect') && this.#onExpect(bytes, start, end);
      case 7:
        if (spells(bytes, nameStart, nameEnd, 'upgrade')) return this.#onUpgrade(bytes, start, end);
        return spells(bytes, nameStart, nameEnd, 'trailer');
      case 10:
        if (spells(bytes, nameStart, nameEnd, 'connection')) return this.#onConnection(bytes, start, end);
        return spells(bytes, nameStart, nameEnd, 'keep-alive') && this.#onKeepAlive(bytes, start, end);
      case 14:
        if (spells(bytes, nameStart, nameEnd, 'content-length'))
          return this.#onContentLength(bytes, start, end);
        if (spells(bytes, nameStart, nameEnd, 'content_length')) this.#fail('http1.ambiguous_field_name');
        return spells(bytes, nameStart, nameEnd, 'http2-settings');
      case 16:
        return spells(bytes, nameStart, nameEnd, 'proxy-connection');
      case 17:
        if (spells(bytes, nameStart, nameEnd, 'transfer_encoding')) this.#fail('http1.ambiguous_field_name');
        return (
          spells(bytes, nameStart, nameEnd, 'transfer-encoding') &&
          this.#onTransferEncoding(bytes, start, end)
        );
      default:
        return false;
    }
  }

  #onTe(bytes: Buffer, start: number, end: number): true {
    if (hasToken(latin1Slice(bytes, start, end), 'trailers')) this.acceptsTrailers = true;
    return true;
  }

  #onHost(start: number, end: number): true {
    this.hosts++;
    this.hostStart = start;
    this.hostEnd = end;
    return true;
  }

  #onExpect(bytes: Buffer, start: number, end: number): true {
    someListElement(latin1Slice(bytes, start, end).toLowerCase(), (expectation) => {
      if (expectation === '100-continue') this.expectsContinue = true;
      else this.expectsOther = true;
      return false;
    });
    return true;
  }

  #onUpgrade(bytes: Buffer, start: number, end: number): true {
    this.upgrade ??= chooseUpgrade(latin1Slice(bytes, start, end), this.allowedUpgrades);
    return true;
  }

  #onConnection(bytes: Buffer, start: number, end: number): true {
    this.connection.add(bytes, start, end);
    return true;
  }

  #onKeepAlive(bytes: Buffer, start: number, end: number): true {
    this.keepAliveTimeoutMs = Math.min(this.keepAliveTimeoutMs, parseKeepAliveTimeoutMs(bytes, start, end));
    return true;
  }

  #onContentLength(bytes: Buffer, start: number, end: number): true {
    // RFC 9112 §6.3 rule 5: even equal lengths are refused, for the next hop may see another one.
    if (this.contentLength !== -1) this.#fail('http1.duplicate_content_length');
    const length = parseContentLength(bytes, start, end);
    if (typeof length === 'number') this.contentLength = length;
    else this.#fail(length);
    return true;
  }

  #onTransferEncoding(bytes: Buffer, start: number, end: number): true {
    // RFC 9112 §7: chunked once, alone and in one field. Nothing else can be forwarded safely.
    const isChunked = spells(bytes, start, end, 'chunked') && !isHtabBeforeCr(bytes, end);
    if (this.chunked || !isChunked) this.#fail('http1.bad_transfer_encoding');
    this.chunked = true;
    return true;
  }

  #removeNominated(section: FieldSection, bytes: Buffer): HttpDecodeFailure | undefined {
    const { nominated } = this.connection;
    if (nominated === undefined) return undefined;
    if (nominated.has('content-length') || nominated.has('transfer-encoding'))
      return 'http1.framing_nominated';
    const { spans, fields } = section;
    let kept = 0;
    for (let field = 0; field < fields; field++) {
      const at = field * SPAN_STRIDE;
      if (nominated.has(latin1Slice(bytes, spans[at], spans[at + 1]).toLowerCase())) continue;
      section.setField(kept++, spans[at] ?? 0, spans[at + 1] ?? 0, spans[at + 2] ?? 0, spans[at + 3] ?? 0);
    }
    section.fields = kept;
    return undefined;
  }

  #fail(failure: HttpDecodeFailure): void {
    this.#failure ??= failure;
  }
}

/** Llhttp does not take `chunked<HTAB>` for chunked: refused in the head, lest its body be read in two ways. */
function isHtabBeforeCr(bytes: Buffer, valueEnd: number): boolean {
  let at = valueEnd;
  while (bytes[at] === SP) at++;
  return bytes[at] === HTAB;
}
