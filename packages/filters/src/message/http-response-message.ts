import { HttpHeaders, HttpResponse, InvalidHeaderError } from '@sluice/codec-http';
import type { HeaderFields } from '@sluice/codec-http';
import { bodyMissing, HttpMessage, otherRequest } from './http-message.ts';
import type { SessionContext } from './session-context.ts';

export interface LocalResponse {
  readonly status: number;
  /** One that is an HttpHeaders is taken as it is. Default: none. */
  readonly headers?: HeaderFields;
  /** Text is sent as UTF-8. Default: empty. */
  readonly body?: Buffer | string;
}

/** A response on its way through the filters. What they change is what the client gets. */
export class HttpResponseMessage extends HttpMessage {
  /** The response as it will be sent: the codec's view of this message. */
  readonly outboundResponse: HttpResponse;
  /** Whether the body is still to come, piece by piece. */
  readonly isStreaming: boolean;
  /** Whether a GET would have had a body where this response has none, as after HEAD. */
  #hidesBody = false;

  /**
   * For a response whose body streams behind it; see {@link make} for one made here. Throws an InvalidHeaderError for
   * the status of an interim response, behind which its client would wait for another one.
   */
  constructor(response: HttpResponse, context: SessionContext, isStreaming = true) {
    super(context, !isStreaming);
    if (response.isInformational) throw notFinal(response.status);
    this.outboundResponse = response;
    this.isStreaming = isStreaming;
  }

  /** A response made here, whole. */
  static make(
    context: SessionContext,
    { status, headers = [], body = '' }: LocalResponse,
  ): HttpResponseMessage {
    const fields = headers instanceof HttpHeaders ? headers : HttpHeaders.of(headers);
    const response = new HttpResponse({ status, headers: fields, contentLength: 0 });
    const message = new HttpResponseMessage(response, context, false);
    message.setBody(body);
    return message;
  }

  override get headers(): HttpHeaders {
    return this.outboundResponse.headers;
  }

  get status(): number {
    return this.outboundResponse.status;
  }

  /** Throws an InvalidHeaderError unless it is 101, or from 200 to 999. */
  set status(status: number) {
    if (status > 99 && status < 200 && status !== 101) throw notFinal(status);
    this.outboundResponse.status = status;
  }

  /** Whether the client may send another request on this connection after the response. */
  get keepAlive(): boolean {
    return this.outboundResponse.keepAlive;
  }

  set keepAlive(keepAlive: boolean) {
    this.outboundResponse.keepAlive = keepAlive;
  }

  override get opensTunnel(): boolean {
    return this.outboundResponse.opensTunnel;
  }

  override get hasNoBody(): boolean {
    return this.outboundResponse.framing === 'none';
  }

  /** Also where no body follows, as after HEAD: what a GET would have is not known either (RFC 9110 §8.6). */
  override setBodyLengthUnknown(): void {
    const response = this.outboundResponse;
    if (response.framing === 'length') response.framing = 'chunked';
    response.contentLength = -1;
  }

  /** @internal RFC 9110 §8.8.1: a strong ETag stands for the very bytes of the body. */
  override outdate(fields: HttpHeaders): void {
    super.outdate(fields);
    const tag = fields.get('etag');
    if (tag?.startsWith('"')) fields.set('etag', `W/${tag}`);
  }

  /** @internal What is made of a body that is hidden has a length that is not known (RFC 9110 §8.6). */
  override bufferBody(body: Buffer): void {
    super.bufferBody(body);
    const { framing, status } = this.outboundResponse;
    this.#hidesBody = framing === 'none' && status !== 204 && status !== 205;
  }

  protected override setBodyLength(bytes: number): void {
    // RFC 9110 §8.6: the length in a 304 is that of a 200, which is not made here.
    const isKnown = !this.#hidesBody && this.status !== 304;
    this.outboundResponse.framing = isKnown ? 'length' : 'chunked';
    this.outboundResponse.contentLength = isKnown ? bytes : -1;
  }
}

/** RFC 9110 §15.2: what has such a status is no answer yet. */
function notFinal(status: number): InvalidHeaderError {
  return new InvalidHeaderError(
    `${status} is the status of an interim response: a streaming endpoint sends one by inform.`,
  );
}

/** Why what was given as the answer to a request can't be it, where it can't: untyped code gives anything. */
export function faultOfAnswer(response: unknown, context: SessionContext, by: string): TypeError | undefined {
  if (!(response instanceof HttpResponseMessage))
    return new TypeError(`${by} gave no HttpResponseMessage. Make one by HttpResponseMessage.make.`);
  if (response.context !== context) return otherRequest(by);
  return response.isWhole ? undefined : bodyMissing(by);
}
