import { InvalidHeaderError } from '@sluice/codec-http';
import type { HttpHeaders, HttpRequest } from '@sluice/codec-http';
import { cookieValue } from './cookie-value.ts';
import { HttpMessage } from './http-message.ts';
import type { SessionContext } from './session-context.ts';

/** A request on its way through the filters. What they change is what the origin gets. */
export class HttpRequestMessage extends HttpMessage {
  /** The request as it was received; not to be changed. */
  readonly inboundRequest: HttpRequest;
  /** The request as it will be sent: the codec's view of this message. */
  readonly outboundRequest: HttpRequest;

  /** `outboundRequest`: what has been made of it already. Default: a copy. */
  constructor(
    inboundRequest: HttpRequest,
    context: SessionContext,
    outboundRequest: HttpRequest = inboundRequest.copy(),
  ) {
    super(context);
    this.inboundRequest = inboundRequest;
    this.outboundRequest = outboundRequest;
  }

  override get headers(): HttpHeaders {
    return this.outboundRequest.headers;
  }

  get method(): string {
    return this.outboundRequest.method;
  }

  set method(method: string) {
    this.outboundRequest.method = method;
  }

  /** Path and query, byte for byte. Throws an InvalidHeaderError for what is not a target in origin form. */
  get target(): string {
    return this.outboundRequest.target;
  }

  set target(target: string) {
    this.outboundRequest.target = target;
  }

  /** The target up to the query; not decoded. Throws an InvalidHeaderError for one with a query, which `target` takes. */
  get path(): string {
    return this.outboundRequest.path;
  }

  set path(path: string) {
    if (path.includes('?'))
      throw new InvalidHeaderError('A path ends before the "?"; set the target instead.');
    const query = this.query;
    this.outboundRequest.target = query === undefined ? path : `${path}?${query}`;
  }

  /** What follows the `?`, not decoded; undefined without one. */
  get query(): string | undefined {
    return this.outboundRequest.query;
  }

  /** The host with its port, if it names one: what is routed by and sent as Host. */
  get authority(): string {
    return this.outboundRequest.authority;
  }

  set authority(authority: string) {
    this.outboundRequest.authority = authority;
  }

  get host(): string {
    return this.outboundRequest.host;
  }

  /** The value of a cookie, without quotes around it: the first of this name, undefined when there is none. */
  cookie(name: string): string | undefined {
    return cookieValue(this.headers, name);
  }

  /** Whether a body was announced. */
  get hasBody(): boolean {
    return this.outboundRequest.hasBody;
  }

  override get announcedBytes(): number {
    const { framing, contentLength } = this.outboundRequest;
    return framing === 'length' ? contentLength : 0;
  }

  override get hasNoBody(): boolean {
    return !this.hasBody;
  }

  override setBodyLengthUnknown(): void {
    if (!this.hasBody) return;
    this.outboundRequest.framing = 'chunked';
    this.outboundRequest.contentLength = -1;
  }

  protected override setBodyLength(bytes: number): void {
    this.outboundRequest.framing = 'length';
    this.outboundRequest.contentLength = bytes;
  }
}
