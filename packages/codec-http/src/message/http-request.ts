import type { HttpDecodeError } from '../decoder/http-decode-error.ts';
import { hostOf, parseAuthority, portOf } from '../grammar/authority.ts';
import { isToken } from '../grammar/octets.ts';
import { isRequestTarget, parseAuthorityForm } from '../grammar/request-target.ts';
import { HttpHeaders } from './http-headers.ts';
import { HttpKind, HttpObject } from './http-object.ts';
import { InvalidHeaderError } from './invalid-header-error.ts';

/** How the end of a request's body is found (RFC 9112 §6.3). */
export type RequestFraming = 'none' | 'length' | 'chunked';

export interface HttpRequestInit {
  readonly method: string;
  /** Origin form or `*`; for CONNECT host and port. */
  readonly target: string;
  /** Host and, if need be, port: the Host field. */
  readonly authority: string;
  /** 0 for HTTP/1.0. Default: 1. */
  readonly minorVersion?: 0 | 1;
  /** Default: none. */
  readonly headers?: HttpHeaders;
  /** Default: `length` with a `contentLength`, else `none`. */
  readonly framing?: RequestFraming;
  /** Bytes of the body; -1 when not known. Default: -1. */
  readonly contentLength?: number;
  /** Default: true for HTTP/1.1. */
  readonly keepAlive?: boolean;
  /** A protocol to ask for, in lower case. Default: none. */
  readonly upgrade?: string | undefined;
  /** Whether to wait for a 100 before the body. Default: false. */
  readonly expectsContinue?: boolean;
  /** Whether the sender can use trailers in the response. Default: false. */
  readonly acceptsTrailers?: boolean;
  readonly failure?: HttpDecodeError | undefined;
}

/**
 * The head of a request. Framing and connection fields are properties here and not in
 * `headers`; the codec alone reads and writes them.
 */
export class HttpRequest extends HttpObject {
  #method: string;
  #target: string;
  #authority: string;
  readonly minorVersion: 0 | 1;
  headers: HttpHeaders;
  framing: RequestFraming;
  /** Bytes of the body; -1 when not known. */
  contentLength: number;
  /** Whether the connection may be used again after this exchange. */
  keepAlive: boolean;
  /** The protocol that the sender asks to switch to, in lower case; undefined for none. */
  upgrade: string | undefined;
  /** Whether the sender waits for a 100 before it sends the body; the server's codec notes when that is over. */
  expectsContinue: boolean;
  /** Whether the sender says that it can use trailers in the response. */
  acceptsTrailers: boolean;

  /** Throws an InvalidHeaderError when the method, target or authority can't be sent. */
  constructor(init: HttpRequestInit) {
    super(HttpKind.request, init.failure);
    const trusted = init instanceof DecodedRequest;
    const contentLength = init.contentLength ?? -1;
    this.#method = trusted ? init.method : requireMethod(init.method);
    this.#target = trusted ? init.target : requireTarget(init.target, init.method);
    this.#authority = trusted ? init.authority : requireAuthority(init.authority);
    this.minorVersion = init.minorVersion ?? 1;
    this.headers = init.headers ?? new HttpHeaders();
    this.framing = init.framing ?? (contentLength >= 0 ? 'length' : 'none');
    this.contentLength = contentLength;
    this.keepAlive = init.keepAlive ?? this.minorVersion === 1;
    this.upgrade = init.upgrade;
    this.expectsContinue = init.expectsContinue ?? false;
    this.acceptsTrailers = init.acceptsTrailers ?? false;
  }

  get method(): string {
    return this.#method;
  }

  /** Throws an InvalidHeaderError unless it is a token. */
  set method(method: string) {
    this.#method = requireMethod(method);
  }

  /** Origin form or `*`, byte for byte as received; for CONNECT host and port. */
  get target(): string {
    return this.#target;
  }

  /** Throws an InvalidHeaderError unless it is a target in origin form or `*`. */
  set target(target: string) {
    this.#target = requireTarget(target, this.#method);
  }

  /** The target up to the query; not decoded. */
  get path(): string {
    const query = this.#target.indexOf('?');
    return query < 0 ? this.#target : this.#target.slice(0, query);
  }

  /** What follows the `?`, not decoded; undefined without one. */
  get query(): string | undefined {
    const query = this.#target.indexOf('?');
    return query < 0 ? undefined : this.#target.slice(query + 1);
  }

  /** The method that a CORS preflight asks about (Fetch standard); undefined for any other request. */
  get preflightMethod(): string | undefined {
    if (this.#method !== 'OPTIONS' || !this.headers.has('origin')) return undefined;
    return this.headers.get('access-control-request-method');
  }

  /** Host and port in lower case: the one value to route by and to send as the Host field. */
  get authority(): string {
    return this.#authority;
  }

  /** Throws an InvalidHeaderError unless it is a host with or without a port. */
  set authority(authority: string) {
    this.#authority = requireAuthority(authority);
  }

  /** The authority without the port. */
  get host(): string {
    return hostOf(this.#authority);
  }

  /** Whether a body that is not empty was announced. */
  get hasBody(): boolean {
    return this.framing === 'chunked' || (this.framing === 'length' && this.contentLength > 0);
  }

  /** A request that can be changed without changing this one. */
  copy(): HttpRequest {
    const init = copied;
    init.method = this.#method;
    init.target = this.#target;
    init.authority = this.#authority;
    init.minorVersion = this.minorVersion;
    init.headers = this.headers.copy();
    init.framing = this.framing;
    init.contentLength = this.contentLength;
    init.keepAlive = this.keepAlive;
    init.upgrade = this.upgrade;
    init.expectsContinue = this.expectsContinue;
    init.acceptsTrailers = this.acceptsTrailers;
    init.failure = this.failure;
    return new HttpRequest(init);
  }

  /** The port of the authority; undefined when it names none. */
  get port(): number | undefined {
    return portOf(this.#authority);
  }
}

/** @internal What the decoder has found and checked. One is used again and again. */
export class DecodedRequest implements HttpRequestInit {
  method = 'GET';
  target = '/';
  authority = '';
  minorVersion: 0 | 1 = 1;
  headers = new HttpHeaders();
  framing: RequestFraming = 'none';
  contentLength = -1;
  keepAlive = false;
  upgrade: string | undefined = undefined;
  expectsContinue = false;
  acceptsTrailers = false;
  failure: HttpDecodeError | undefined = undefined;
}

// What `copy` passes on; one serves all calls.
const copied = new DecodedRequest();

function requireMethod(method: string): string {
  if (isToken(method)) return method;
  throw new InvalidHeaderError(`${JSON.stringify(method)} is not a request method.`);
}

function requireTarget(target: string, method: string): string {
  const isTarget = method === 'CONNECT' ? parseAuthorityForm(target) !== undefined : isRequestTarget(target);
  if (isTarget) return target;
  const form = method === 'CONNECT' ? 'authority' : 'origin';
  throw new InvalidHeaderError(`${JSON.stringify(target)} is not a request target in ${form} form.`);
}

function requireAuthority(authority: string): string {
  const parsed = parseAuthority(authority);
  if (parsed !== undefined) return parsed;
  throw new InvalidHeaderError(`${JSON.stringify(authority)} is not a host with or without a port.`);
}
