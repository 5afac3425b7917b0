import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent, HttpResponse } from '@sluice/codec-http';
import { isStreaming } from './endpoint.ts';
import type { Downstream, Endpoint, ResponseEndpoint, Upstream } from './endpoint.ts';
import { FilterChainRunner } from './filter-chain-runner.ts';
import type { ChainOutput } from './filter-chain-runner.ts';
import type { FilterEntry, FilterSet } from './filter-registry.ts';
import { isLater, whenSettled } from './filter-result.ts';
import { FilterTimeoutError } from './filter-timeout-error.ts';
import type { EndpointClass } from './filter.ts';
import type { HttpRequestMessage } from './http-request-message.ts';
import { HttpResponseMessage } from './http-response-message.ts';
import { HttpStatusError } from './http-status-error.ts';
import { problemResponse } from './problem-response.ts';
import type { SessionContext } from './session-context.ts';
import { StatusCategory } from './status-category.ts';

/** Where the processor of a request gives its results. */
export interface ClientSide {
  readonly isWritable: boolean;
  inform(response: HttpResponse): void;
  respond(response: HttpResponseMessage): void;
  content(chunk: HttpContent): void;
  tunnel(bytes: Buffer): void;
  endTunnel(): void;
  flush(): void;
  /** The response has started and can't be completed. */
  cut(): void;
  pauseReads(): void;
  resumeReads(): void;
}

export interface ProcessorLimits {
  /** The largest request body that a filter may have buffered, in bytes. */
  readonly maxRequestBodyBytes: number;
  readonly maxResponseBodyBytes: number;
}

/**
 * Takes one request through inbound filters, endpoint and outbound filters.
 *
 *     request ─► inbound filters ─► endpoint ─► outbound filters ─► response
 *
 * An error before the response has started becomes one response of the error endpoint, through
 * the outbound filters; an error after that cuts the response. There is never a second one.
 */
export class RequestProcessor implements Downstream {
  readonly #filters: FilterSet;
  readonly #client: ClientSide;
  readonly #context: SessionContext;
  readonly #request: HttpRequestMessage;
  readonly #inbound: FilterChainRunner<HttpRequestMessage>;
  readonly #outbound: FilterChainRunner<HttpResponseMessage>;
  #upstream: Upstream | undefined = undefined;
  #isRequestComplete = false;
  #isEndpointChosen = false;
  #isResponseMade = false;
  #isResponseStarted = false;
  #isOver = false;
  #pauses = 0;

  constructor(request: HttpRequestMessage, filters: FilterSet, client: ClientSide, limits: ProcessorLimits) {
    this.#filters = filters;
    this.#client = client;
    this.#context = request.context;
    this.#request = request;
    this.#isRequestComplete = !request.inboundRequest.hasBody;
    this.#inbound = new FilterChainRunner(
      'inbound',
      request.context,
      this.#inboundOutput(),
      limits.maxRequestBodyBytes,
    );
    this.#outbound = new FilterChainRunner(
      'outbound',
      request.context,
      this.#outboundOutput(),
      limits.maxResponseBodyBytes,
    );
  }

  get isRequestComplete(): boolean {
    return this.#isRequestComplete;
  }

  get isResponseStarted(): boolean {
    return this.#isResponseStarted;
  }

  get isWritable(): boolean {
    return this.#client.isWritable;
  }

  // From the client.

  start(): void {
    this.#inbound.start(this.#filters.inbound, this.#request);
  }

  /** A piece of the request's body. */
  requestContent(chunk: HttpContent): void {
    if (this.#isOver) return;
    if (chunk.kind === HttpKind.last) this.#isRequestComplete = true;
    if (chunk.failure !== undefined) this.fail(chunk.failure);
    else this.#inbound.content(chunk);
  }

  requestTunnel(bytes: Buffer): void {
    this.#upstream?.tunnel(bytes);
  }

  requestTunnelEnd(): void {
    this.#upstream?.endTunnel();
  }

  requestFlush(): void {
    this.#upstream?.flush();
  }

  clientWritabilityChanged(isWritable: boolean): void {
    this.#upstream?.downstreamWritabilityChanged(isWritable);
  }

  /** The response was sent, or the client has gone. */
  end(isComplete: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!isComplete) this.#context.cancel();
    this.#inbound.stop();
    this.#outbound.stop();
    this.#upstream?.end(isComplete);
    for (; this.#pauses > 0; this.#pauses--) this.#client.resumeReads();
  }

  // From the endpoint.

  inform(response: HttpResponse): void {
    if (!this.#isOver && !this.#isResponseStarted) this.#client.inform(response);
  }

  respond(response: HttpResponseMessage): void {
    if (this.#isOver || this.#isResponseMade) return;
    this.#isResponseMade = true;
    const whole = response.isStreaming ? undefined : new LastHttpContent(response.takeReplacedBody());
    this.#outbound.start(this.#filters.outbound, response);
    if (whole !== undefined) this.#outbound.content(whole);
  }

  content(chunk: HttpContent): void {
    if (this.#isOver) return;
    if (chunk.failure === undefined) this.#outbound.content(chunk);
    else this.fail(chunk.failure);
  }

  tunnel(bytes: Buffer): void {
    if (!this.#isOver) this.#client.tunnel(bytes);
  }

  endTunnel(): void {
    if (!this.#isOver) this.#client.endTunnel();
  }

  flush(): void {
    if (!this.#isOver) this.#client.flush();
  }

  pauseReads(): void {
    if (this.#isOver) return;
    this.#pauses++;
    this.#client.pauseReads();
  }

  resumeReads(): void {
    if (this.#pauses === 0) return;
    this.#pauses--;
    this.#client.resumeReads();
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#context.error = error;
    if (this.#isResponseStarted) this.#client.cut();
    else this.#answerWithError();
  }

  /** The one response to an error; what was under way is dropped. */
  #answerWithError(): void {
    this.#inbound.stop();
    this.#upstream?.end(false);
    this.#upstream = undefined;
    if (this.#isResponseMade) {
      // A response that the outbound filters still held is replaced, but they don't run twice.
      this.#outbound.stop();
      this.#sendPlain(problemResponse(this.#context, this.#context.error));
      return;
    }
    this.#context.shouldSendErrorResponse = true;
    this.#runEndpoint(this.#filters.errorEndpoint);
  }

  #sendPlain(response: HttpResponseMessage): void {
    this.#isResponseStarted = true;
    this.#client.respond(response);
    this.#client.content(new LastHttpContent(response.takeReplacedBody()));
  }

  #inboundOutput(): ChainOutput<HttpRequestMessage> {
    return {
      filtered: () => this.#chooseEndpoint(),
      content: (chunk) => this.#upstream?.content(chunk),
      filterFailed: (cause) => this.fail(cause),
      bodyTooLarge: () => this.fail(bodyTooLarge(413, 'The body of the request is too large.')),
      needsBodyBuffered: (request) => this.#endpointNeedsBody(request),
      pause: () => this.pauseReads(),
      resume: () => this.resumeReads(),
    };
  }

  #outboundOutput(): ChainOutput<HttpResponseMessage> {
    return {
      filtered: (response) => this.#startResponse(response),
      content: (chunk) => this.#client.content(chunk),
      filterFailed: (cause) => this.fail(cause),
      bodyTooLarge: () => this.fail(bodyTooLarge(502, 'The body of the response is too large.')),
      needsBodyBuffered: () => false,
      pause: () => this.#upstream?.downstreamWritabilityChanged(false),
      resume: () => this.#upstream?.downstreamWritabilityChanged(this.#client.isWritable),
    };
  }

  #startResponse(response: HttpResponseMessage): void {
    // What the client still sends would be read as the next request.
    if (!this.#isRequestComplete) response.keepAlive = false;
    this.#isResponseStarted = true;
    this.#client.respond(response);
  }

  #endpointNeedsBody(request: HttpRequestMessage): boolean {
    const entry = this.#filters.endpoints.get(this.#endpointClass() as EndpointClass);
    if (entry === undefined || isStreaming(entry.filter) || this.#context.staticResponse) return false;
    return entry.filter.needsBodyBuffered?.(request, this.#context) ?? false;
  }

  #endpointClass(): EndpointClass | undefined {
    if (this.#context.shouldSendErrorResponse) return this.#filters.errorEndpoint;
    return this.#context.endpoint ?? this.#filters.defaultEndpoint;
  }

  #chooseEndpoint(): void {
    if (this.#isEndpointChosen || this.#isOver) return;
    this.#isEndpointChosen = true;
    const { staticResponse } = this.#context;
    if (staticResponse !== undefined) {
      this.#context.answeredBy ??= 'gateway';
      this.respond(staticResponse);
      return;
    }
    const endpoint = this.#endpointClass();
    if (endpoint === undefined) this.fail(noEndpoint());
    else this.#runEndpoint(endpoint);
  }

  #runEndpoint(endpoint: EndpointClass): void {
    const entry = this.#filters.endpoints.get(endpoint);
    if (entry === undefined) {
      this.fail(new TypeError(`${endpoint.name} is not among the filters of the gateway.`));
      return;
    }
    this.#context.answeredBy = entry.name;
    try {
      if (isStreaming(entry.filter)) this.#upstream = entry.filter.open(this.#request, this);
      else this.#apply(entry.filter, entry);
    } catch (cause) {
      this.#endpointFailed(endpoint, cause);
    }
  }

  #apply(endpoint: ResponseEndpoint, entry: FilterEntry<Endpoint>): void {
    const result = endpoint.apply(this.#request, this.#context);
    if (!isLater(result)) {
      this.#respondWith(entry, result);
      return;
    }
    const timer = this.#context.channel.eventLoop.schedule(entry.timeoutMs, () => {
      const cause = new FilterTimeoutError(entry.name, entry.timeoutMs);
      this.#context.abortCurrent(cause);
      this.fail(cause);
    });
    whenSettled(
      result,
      (response) => {
        timer.cancel();
        this.#respondWith(entry, response);
      },
      (cause) => {
        timer.cancel();
        this.fail(cause);
      },
    );
  }

  #respondWith(entry: FilterEntry<Endpoint>, response: HttpResponseMessage | void): void {
    if (response) this.respond(response);
    else this.fail(new TypeError(`The endpoint ${entry.name} returned no response.`));
  }

  #endpointFailed(endpoint: EndpointClass, cause: unknown): void {
    const { channel } = this.#context;
    channel.logger.warn(
      { err: cause, endpoint: endpoint.name, channel: channel.toString() },
      'An endpoint failed.',
    );
    if (endpoint !== this.#filters.errorEndpoint) this.fail(cause);
    else this.#sendPlain(problemResponse(this.#context, cause));
  }
}

function bodyTooLarge(status: number, message: string): HttpStatusError {
  return new HttpStatusError(status, message, { reason: 'http_body_too_large' });
}

function noEndpoint(): HttpStatusError {
  return new HttpStatusError(404, 'No route matches the request.', {
    category: StatusCategory.SUCCESS_LOCAL_NO_ROUTE,
    reason: 'destination_not_found',
  });
}
