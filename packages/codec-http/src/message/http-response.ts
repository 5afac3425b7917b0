import type { HttpDecodeError } from '../decoder/http-decode-error.ts';
import { consistsOf, VALUE_OCTETS } from '../grammar/octets.ts';
import { HttpHeaders } from './http-headers.ts';
import { HttpKind, HttpObject } from './http-object.ts';
import { InvalidHeaderError } from './invalid-header-error.ts';
import { reasonPhraseOf } from './reason-phrases.ts';

/** How the end of a response's body is found (RFC 9112 §6.3); `close`: where the connection ends. */
export type ResponseFraming = 'none' | 'length' | 'chunked' | 'close';

export interface HttpResponseInit {
  /** 100 to 999. */
  readonly status: number;
  /** Default: the usual phrase of the status. */
  readonly reason?: string;
  /** 0 for HTTP/1.0. Default: 1. */
  readonly minorVersion?: 0 | 1;
  /** Default: none. */
  readonly headers?: HttpHeaders;
  /** Default: `length` with a `contentLength`, else `chunked`. */
  readonly framing?: ResponseFraming;
  /** Bytes of the body, or of the body that a GET would have; -1 when not known. Default: -1. */
  readonly contentLength?: number;
  /** Default: true. */
  readonly keepAlive?: boolean;
  /** The protocol that a 101 switches to, in lower case. */
  readonly upgrade?: string | undefined;
  /** Whether a 2xx accepts a CONNECT. Default: false. */
  readonly acceptsConnect?: boolean;
  readonly failure?: HttpDecodeError | undefined;
}

/**
 * The head of a response. Framing and connection fields are properties here and not in
 * `headers`; the codec alone reads and writes them.
 */
export class HttpResponse extends HttpObject {
  #status: number;
  #reason: string;
  readonly minorVersion: 0 | 1;
  headers: HttpHeaders;
  framing: ResponseFraming;
  /** Bytes of the body, or of the body that a GET would have; -1 when not known. */
  contentLength: number;
  /** Whether the connection may be used again after this exchange. */
  keepAlive: boolean;
  /** The protocol that a 101 switches to, in lower case. */
  upgrade: string | undefined;
  /** Whether it accepts a CONNECT, as a 2xx does and no other status. */
  readonly acceptsConnect: boolean;
  /** What is sent as `Date` (RFC 9110 §6.6.1), for one whose `headers` have none: cheaper than a field of them. */
  date: string | undefined = undefined;

  /** Throws an InvalidHeaderError when the status or the reason can't be sent. */
  constructor(init: HttpResponseInit) {
    super(HttpKind.response, init.failure);
    const trusted = init instanceof DecodedResponse;
    const contentLength = init.contentLength ?? -1;
    this.#status = trusted ? init.status : requireStatus(init.status);
    this.#reason = trusted ? init.reason : requireReason(init.reason ?? reasonPhraseOf(init.status));
    this.minorVersion = init.minorVersion ?? 1;
    this.headers = init.headers ?? new HttpHeaders();
    this.framing = init.framing ?? (contentLength >= 0 ? 'length' : 'chunked');
    this.contentLength = contentLength;
    this.keepAlive = init.keepAlive ?? true;
    this.upgrade = init.upgrade;
    this.acceptsConnect = init.acceptsConnect ?? false;
  }

  get status(): number {
    return this.#status;
  }

  /** Takes the usual reason with it. Throws an InvalidHeaderError unless it is from 100 to 999. */
  set status(status: number) {
    this.#status = requireStatus(status);
    this.#reason = reasonPhraseOf(status);
  }

  get reason(): string {
    return this.#reason;
  }

  /** Throws an InvalidHeaderError when it has a character that a status line must not have. */
  set reason(reason: string) {
    this.#reason = requireReason(reason);
  }

  /** Whether another response to the same request follows. False for 101, which is the last. */
  get isInformational(): boolean {
    return this.#status < 200 && this.#status !== 101;
  }

  /**
   * Whether what is written of a body is sent in answer to a request with this method: not to a HEAD, and not with a 204,
   * 205 or 304 (RFC 9110 §6.4.1).
   */
  sendsBodyTo(method: string): boolean {
    const status = this.#status;
    return method !== 'HEAD' && status !== 204 && status !== 205 && status !== 304;
  }

  /** Whether bytes of another protocol follow, and no body: after a 101, and a 2xx to CONNECT. */
  get opensTunnel(): boolean {
    return this.#status === 101 || (this.acceptsConnect && this.#status >= 200 && this.#status < 300);
  }
}

/** @internal What the decoder has found and checked. One is used again and again. */
export class DecodedResponse implements HttpResponseInit {
  status = 200;
  reason = '';
  minorVersion: 0 | 1 = 1;
  headers = new HttpHeaders();
  framing: ResponseFraming = 'none';
  contentLength = -1;
  keepAlive = false;
  upgrade: string | undefined = undefined;
  failure: HttpDecodeError | undefined = undefined;
}

function requireStatus(status: number): number {
  if (Number.isInteger(status) && status >= 100 && status <= 999) return status;
  throw new InvalidHeaderError(`${status} is not a status code.`);
}

function requireReason(reason: string): string {
  if (consistsOf(reason, VALUE_OCTETS)) return reason;
  throw new InvalidHeaderError('The reason phrase has a character that a status line must not have.');
}
