import { latin1Slice } from '../grammar/latin1.ts';
import { parseAuthority } from '../grammar/authority.ts';
import { consistsOf, CR, LF, SP, TARGET_OCTETS, TOKEN_OCTETS } from '../grammar/octets.ts';
import { parseAbsoluteForm, parseAuthorityForm } from '../grammar/request-target.ts';
import { LlhttpErrno } from '../llhttp/llhttp-errno.ts';
import { LLHTTP_METHODS } from '../llhttp/llhttp-methods.ts';
import type { LlhttpParser } from '../llhttp/llhttp-parser.ts';
import { LlhttpType } from '../llhttp/llhttp-parser.ts';
import { withDefaults } from '@sluice/inject';
import { HttpServerCodecOptions } from '../http-server-codec-options.ts';
import { HttpHeaders } from '../message/http-headers.ts';
import { DecodedRequest, HttpRequest } from '../message/http-request.ts';
import { RefusedRequest } from '../message/refused-request.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import { HeadFields } from './head-fields.ts';
import type { HttpDecodeError } from './http-decode-error.ts';
import type { HttpDecoderListener } from './http-decoder-listener.ts';
import { Body, HttpMessageDecoder } from './http-message-decoder.ts';
import { headFailureOf } from './llhttp-failures.ts';
import { checkRequestLine, isRequestLine, requestLineLength } from './request-line.ts';

/** RFC 9112 §2.2 asks to pass over at least one empty line before a request. */
const MAX_EMPTY_LINES = 8;

const NO_HEADERS = new HttpHeaders();

/** Cuts the bytes from a client into requests, and refuses what peers could read in two ways. */
export class HttpRequestDecoder extends HttpMessageDecoder<HttpRequest> {
  readonly #fields: HeadFields;
  readonly #scheme: string;
  readonly #allowsConnect: boolean;
  readonly #defaultHost: string;
  readonly #decoded = new DecodedRequest();
  #emptyLines = 0;
  #sawCr = false;
  #lastHost = '';
  #lastAuthority: string | undefined = undefined;

  constructor(listener: HttpDecoderListener<HttpRequest>, options: Partial<HttpServerCodecOptions> = {}) {
    const complete = withDefaults(HttpServerCodecOptions, options);
    super(LlhttpType.request, 'downstream', complete, listener);
    this.#fields = new HeadFields(complete.allowedUpgrades);
    this.#scheme = complete.scheme;
    this.#allowsConnect = complete.allowConnect;
    this.#defaultHost = complete.defaultHostForHttp10;
  }

  protected get maxStartLineBytes(): number {
    return this.limits.maxRequestLineBytes;
  }

  protected get isAwaited(): boolean {
    return false;
  }

  protected get refusesTrailers(): boolean {
    return true;
  }

  protected get nominated(): ReadonlySet<string> | undefined {
    return this.#fields.connection.nominated;
  }

  protected skipPreamble(chunk: Buffer, at: number): number | HttpDecodeFailure {
    let start = at;
    for (; start < chunk.length; start++) {
      const octet = chunk[start];
      if (this.#sawCr ? octet !== LF : octet === LF) return 'http1.bad_line_ending';
      if (this.#sawCr && ++this.#emptyLines > MAX_EMPTY_LINES) return 'http1.too_many_empty_lines';
      if (!this.#sawCr && octet !== CR) break;
      this.#sawCr = !this.#sawCr;
    }
    if (start < chunk.length) this.#emptyLines = 0;
    return start;
  }

  protected readHead(bytes: Buffer, parser: LlhttpParser): HttpRequest | HttpDecodeFailure {
    const { section } = this;
    const minorVersion = checkRequestLine(
      bytes,
      section.origin,
      section.startLineStart,
      section.startLineEnd,
    );
    if (typeof minorVersion === 'string') return minorVersion;
    if (requestLineLength(section.origin, section.startLineEnd) > this.limits.maxRequestLineBytes) {
      return 'http1.request_line_too_long';
    }
    const decoded = this.#decoded;
    decoded.minorVersion = minorVersion;
    decoded.method = LLHTTP_METHODS[parser.method] ?? '';
    const failure =
      this.#fields.take(section, bytes) ??
      this.#readHost(bytes) ??
      this.#readTarget(bytes) ??
      this.#readFraming() ??
      this.#readConnection();
    if (failure !== undefined) return failure;
    decoded.headers = new HttpHeaders(bytes, section.copySpans());
    const request = new HttpRequest(decoded);
    // The decoder of an idle connection keeps no bytes.
    decoded.headers = NO_HEADERS;
    return request;
  }

  protected makePlaceholder(failure: HttpDecodeError, head: Buffer): HttpRequest {
    return new RefusedRequest(failure, head);
  }

  protected failureOf(errno: number, chunk: Buffer, end: number): HttpDecodeFailure | undefined {
    const length = this.section.lengthAt(end);
    // The parser knows a list of methods and stops where a method leaves it.
    if (errno === LlhttpErrno.invalidMethod)
      return this.#isToken(chunk, length) ? undefined : 'http1.bad_request_line';
    // Those of RTSP are in its list, but not of HTTP.
    if (errno === LlhttpErrno.invalidConstant) return undefined;
    if (errno === LlhttpErrno.invalidVersion && this.#isVersion1(chunk, length))
      return 'http1.bad_request_line';
    return headFailureOf(errno);
  }

  // A line without a version is a whole request of HTTP/0.9: nothing needs to follow it.
  protected hasBadStartLine(chunk: Buffer): boolean {
    const { startLineEnd, origin } = this.section;
    if (startLineEnd === -1) return false;
    const octet = this.section.octetAt(chunk, startLineEnd - origin);
    return octet === CR || octet === LF;
  }

  protected startLineFailureOf(bytes: Buffer, start: number, end: number): HttpDecodeFailure {
    return isRequestLine(bytes, start, end) ? 'http1.unknown_method' : 'http1.bad_request_line';
  }

  /** Whether a method, known or not, goes on at `length` or ends there. */
  #isToken(chunk: Buffer, length: number): boolean {
    for (let i = 0; i < length; i++) {
      if (TOKEN_OCTETS[this.section.octetAt(chunk, i)] !== 1) return false;
    }
    const octet = this.section.octetAt(chunk, length);
    return TOKEN_OCTETS[octet] === 1 || (octet === SP && length > 0);
  }

  /** Whether the octets before `length` have version 1.0 or 1.1, so that the fault is in what follows. */
  #isVersion1(chunk: Buffer, length: number): boolean {
    const version = this.section.startLineEnd + 1 - this.section.origin;
    if (length < version + 8) return false;
    const major = this.section.octetAt(chunk, version + 5) - 0x30;
    const minor = this.section.octetAt(chunk, version + 7) - 0x30;
    return major === 1 && (minor === 0 || minor === 1);
  }

  #readHost(bytes: Buffer): HttpDecodeFailure | undefined {
    const fields = this.#fields;
    if (fields.hosts === 0) return this.#readNoHost();
    // RFC 9112 §3.2: one Host field, in HTTP/1.0 too, for routing must not depend on the version.
    if (fields.hosts > 1) return 'http1.duplicate_host';
    return this.#readAuthority(latin1Slice(bytes, fields.hostStart, fields.hostEnd));
  }

  // RFC 9112 §3.2: HTTP/1.1 must have a Host field; HTTP/1.0 knows none.
  #readNoHost(): HttpDecodeFailure | undefined {
    const hasDefault = this.#decoded.minorVersion === 0 && this.#defaultHost !== '';
    return hasDefault ? this.#readAuthority(this.#defaultHost) : 'http1.missing_host';
  }

  #readAuthority(host: string): HttpDecodeFailure | undefined {
    // A connection nearly always names one host.
    const authority = host === this.#lastHost ? this.#lastAuthority : parseAuthority(host);
    if (authority === undefined) return 'http1.bad_host';
    this.#lastHost = host;
    this.#lastAuthority = authority;
    this.#decoded.authority = authority;
    return undefined;
  }

  #readTarget(bytes: Buffer): HttpDecodeFailure | undefined {
    const decoded = this.#decoded;
    const { method } = decoded;
    const target = latin1Slice(bytes, this.section.startLineStart, this.section.startLineEnd);
    if (method === 'CONNECT') return this.#readAuthorityForm(target);
    if (target.startsWith('/') ? consistsOf(target, TARGET_OCTETS) : target === '*' && method === 'OPTIONS') {
      decoded.target = target;
      return undefined;
    }
    const absolute = parseAbsoluteForm(target, this.#scheme, method);
    if (absolute === undefined) return 'http1.bad_target';
    decoded.target = absolute.target;
    // RFC 9112 §3.2.2: the target wins over the Host field.
    decoded.authority = absolute.authority;
    return undefined;
  }

  #readAuthorityForm(target: string): HttpDecodeFailure | undefined {
    if (!this.#allowsConnect) return 'http1.method_not_supported';
    const authority = parseAuthorityForm(target);
    if (authority === undefined) return 'http1.bad_target';
    this.#decoded.target = authority;
    this.#decoded.authority = authority;
    return undefined;
  }

  #readFraming(): HttpDecodeFailure | undefined {
    const fields = this.#fields;
    const decoded = this.#decoded;
    if (fields.chunked && decoded.minorVersion === 0) return 'http1.transfer_encoding_in_http10';
    decoded.contentLength = fields.contentLength;
    decoded.framing = fields.chunked ? 'chunked' : fields.contentLength >= 0 ? 'length' : 'none';
    this.bodyLength = fields.contentLength;
    this.body = fields.chunked ? Body.chunked : fields.contentLength > 0 ? Body.fixed : Body.none;
    // RFC 9110 §9.3.6: what follows is the tunnel's; peers that count it as a body read it otherwise.
    return decoded.method === 'CONNECT' && this.body !== Body.none ? 'http1.connect_with_body' : undefined;
  }

  #readConnection(): HttpDecodeFailure | undefined {
    const fields = this.#fields;
    const decoded = this.#decoded;
    const { close, keepAlive, upgrade } = fields.connection;
    const hasBody = this.body !== Body.none;
    // RFC 9110 §7.8 and §10.1.1: HTTP/1.0 knows neither Upgrade nor 100-continue.
    const isCurrent = decoded.minorVersion === 1;
    if (fields.expectsOther) return 'http1.unknown_expectation';
    decoded.keepAlive = !close && (isCurrent || keepAlive);
    const isConnect = decoded.method === 'CONNECT';
    decoded.upgrade = isCurrent && upgrade && !isConnect ? fields.upgrade : undefined;
    decoded.expectsContinue = isCurrent && hasBody && fields.expectsContinue;
    decoded.acceptsTrailers = isCurrent && fields.acceptsTrailers;
    return decoded.upgrade !== undefined && hasBody ? 'http1.upgrade_with_body' : undefined;
  }
}
