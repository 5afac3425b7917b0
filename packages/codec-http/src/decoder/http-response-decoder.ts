import { LlhttpType } from '../llhttp/llhttp-parser.ts';
import { HttpHeaders } from '../message/http-headers.ts';
import type { ResponseFraming } from '../message/http-response.ts';
import { DecodedResponse, HttpResponse } from '../message/http-response.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import type { DecoderLimits } from './decoder-limits.ts';
import { RESPONSE_LIMITS } from './decoder-limits.ts';
import { HeadFields } from './head-fields.ts';
import type { HttpDecodeError } from './http-decode-error.ts';
import type { HttpDecoderListener } from './http-decoder-listener.ts';
import { Body, HttpMessageDecoder } from './http-message-decoder.ts';
import { headFailureOf } from './llhttp-failures.ts';
import { readReason, readStatus, readVersion } from './status-line.ts';

/** What an unusable response is turned into. */
const BAD_GATEWAY = 502;

const NO_UPGRADES: readonly string[] = [];
const NO_HEADERS = new HttpHeaders();

export interface HttpResponseDecoderOptions extends Partial<DecoderLimits> {
  /** The most interim responses before a response. Default: 32. */
  readonly maxInterimResponses?: number;
}

/** What is known about a request whose response has not come yet. */
interface ExpectedResponse {
  readonly method: string;
  readonly upgrade: string | undefined;
}

/** Cuts the bytes from a server into responses. What ends one depends on the request, so each must be announced. */
export class HttpResponseDecoder extends HttpMessageDecoder<HttpResponse> {
  readonly #fields = new HeadFields([]);
  readonly #maxInterimResponses: number;
  readonly #expected: ExpectedResponse[] = [];
  readonly #decoded = new DecodedResponse();
  #interimResponses = 0;

  constructor(listener: HttpDecoderListener<HttpResponse>, options: HttpResponseDecoderOptions = {}) {
    super(LlhttpType.response, 'upstream', { ...RESPONSE_LIMITS, ...options }, listener);
    this.#maxInterimResponses = options.maxInterimResponses ?? 32;
  }

  /** How many requests were announced whose response has not begun. */
  get outstanding(): number {
    return this.#expected.length;
  }

  /** How long the server keeps the connection behind the last response, in ms: its Keep-Alive; Infinity when it did not say. */
  get keepAliveTimeoutMs(): number {
    return this.#fields.keepAliveTimeoutMs;
  }

  /** Announces the response to a request; `upgrade` is the protocol that the request asks for. */
  expect(method: string, upgrade: string | undefined): void {
    this.#expected.push({ method, upgrade });
  }

  protected get maxStartLineBytes(): number {
    return this.limits.maxHeadBytes;
  }

  protected get isAwaited(): boolean {
    return this.#expected.length > 0;
  }

  protected get refusesTrailers(): boolean {
    return false;
  }

  protected get nominated(): ReadonlySet<string> | undefined {
    return this.#fields.connection.nominated;
  }

  protected skipPreamble(_chunk: Buffer, at: number): number | HttpDecodeFailure {
    return this.#expected.length === 0 ? 'http1.unsolicited_response' : at;
  }

  protected readHead(bytes: Buffer): HttpResponse | HttpDecodeFailure {
    const failure = this.#readStatusLine(bytes) ?? this.#readFields(bytes) ?? this.#readFraming();
    if (failure !== undefined) return failure;
    this.#decoded.headers = new HttpHeaders(bytes, this.section.copySpans());
    const response = new HttpResponse(this.#decoded);
    // The decoder of an idle connection keeps no bytes.
    this.#decoded.headers = NO_HEADERS;
    return response;
  }

  protected makePlaceholder(failure: HttpDecodeError): HttpResponse {
    const placeholder = new DecodedResponse();
    placeholder.status = BAD_GATEWAY;
    placeholder.failure = failure;
    return new HttpResponse(placeholder);
  }

  protected failureOf(errno: number): HttpDecodeFailure {
    return headFailureOf(errno);
  }

  protected hasBadStartLine(): boolean {
    return false;
  }

  protected startLineFailureOf(): HttpDecodeFailure {
    return 'http1.bad_status_line';
  }

  #readStatusLine(bytes: Buffer): HttpDecodeFailure | undefined {
    const { origin, startLineEnd } = this.section;
    const decoded = this.#decoded;
    const minorVersion = readVersion(bytes, origin);
    if (typeof minorVersion === 'string') return minorVersion;
    const status = readStatus(bytes, origin);
    if (status === undefined) return 'http1.bad_status_line';
    const reason = readReason(bytes, origin, startLineEnd, status);
    if (reason === undefined) return 'http1.bad_status_line';
    decoded.minorVersion = minorVersion;
    decoded.status = status;
    decoded.reason = reason;
    return undefined;
  }

  #readFields(bytes: Buffer): HttpDecodeFailure | undefined {
    const upgrade = this.#expected[0]?.upgrade;
    this.#fields.allowedUpgrades = upgrade === undefined ? NO_UPGRADES : [upgrade];
    const failure = this.#fields.take(this.section, bytes);
    if (failure !== undefined) return failure;
    const { chunked, connection } = this.#fields;
    const { minorVersion, status } = this.#decoded;
    if (chunked && minorVersion === 0) return 'http1.transfer_encoding_in_http10';
    // RFC 9112 §6.1: never in a 1xx or 204.
    if (chunked && (status < 200 || status === 204)) return 'http1.transfer_encoding_not_allowed';
    this.#decoded.keepAlive = !connection.close && (minorVersion === 1 || connection.keepAlive);
    this.#decoded.upgrade = undefined;
    return undefined;
  }

  #readFraming(): HttpDecodeFailure | undefined {
    const { status } = this.#decoded;
    if (status === 101) return this.#switchProtocols();
    if (status < 200) return this.#readInterim();
    const expected = this.#expected.shift();
    this.#interimResponses = 0;
    if (expected?.method === 'CONNECT' && status < 300) this.#setBody(Body.otherProtocol, 'none', -1);
    else if (status === 204) this.#setBody(Body.none, 'none', -1);
    else if (status === 304 || expected?.method === 'HEAD') {
      this.#setBody(Body.none, 'none', this.#fields.contentLength);
    } else this.#setBodyByFields();
    return undefined;
  }

  #setBodyByFields(): void {
    const { chunked, contentLength } = this.#fields;
    if (chunked) this.#setBody(Body.chunked, 'chunked', -1);
    else if (contentLength >= 0)
      this.#setBody(contentLength > 0 ? Body.fixed : Body.none, 'length', contentLength);
    else {
      this.#setBody(Body.untilClose, 'close', -1);
      this.#decoded.keepAlive = false;
    }
  }

  #readInterim(): HttpDecodeFailure | undefined {
    this.#setBody(Body.anotherHead, 'none', -1);
    return ++this.#interimResponses > this.#maxInterimResponses
      ? 'http1.too_many_interim_responses'
      : undefined;
  }

  // RFC 9110 §15.2.2: only to a request that asked for it, and to a protocol that it named.
  #switchProtocols(): HttpDecodeFailure | undefined {
    const { upgrade, connection } = this.#fields;
    if (upgrade === undefined || !connection.upgrade || this.#decoded.minorVersion === 0) {
      return 'http1.bad_switching_protocols';
    }
    this.#expected.shift();
    this.#setBody(Body.otherProtocol, 'none', -1);
    this.#decoded.upgrade = upgrade;
    this.#decoded.keepAlive = false;
    return undefined;
  }

  #setBody(body: number, framing: ResponseFraming, contentLength: number): void {
    this.body = body;
    this.bodyLength = contentLength;
    this.#decoded.framing = framing;
    this.#decoded.contentLength = contentLength;
  }
}
