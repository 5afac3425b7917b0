import { HttpKind, HttpResponse } from '@sluice/codec-http';
import type { HttpContent, HttpRequest } from '@sluice/codec-http';
import type { ClientChannel } from './client-channel.ts';
import { isStreaming } from '../endpoint/endpoint.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { EndpointRun } from '../endpoint/endpoint-run.ts';
import type { EndpointOwner } from '../endpoint/endpoint-run.ts';
import { FilterChainRunner } from '../chain/filter-chain-runner.ts';
import type { ChainOutput } from '../chain/chain-parts.ts';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import { noteFilterError } from '../chain/filter-error.ts';
import { requireBoolean } from '../chain/require-boolean.ts';
import { FilterExecutions } from '../chain/filter-executions.ts';
import type { FilterSetUse } from '../declaration/filter-registry.ts';
import type { FilterSet } from '../declaration/filter-set.ts';
import type { EndpointClass } from '../declaration/filter.ts';
import type { HttpRequestMessage } from '../message/http-request-message.ts';
import { faultOfAnswer } from '../message/http-response-message.ts';
import type { HttpResponseMessage } from '../message/http-response-message.ts';
import { HttpStatusError } from '../error/http-status-error.ts';
import { endpointDisabled, noEndpoint, notListed } from '../endpoint/endpoint-errors.ts';
import { problemResponse } from '../error/problem-response.ts';
import { problemOf } from '../error/problem.ts';
import { ResponseProcessor } from './response-processor.ts';
import type { ResponseLimits, ResponseOwner } from './response-processor.ts';
import type { SessionContext } from '../message/session-context.ts';
import { isFailure, StatusCategory } from '../error/status-category.ts';
import type { StatusCategoryName } from '../error/status-category.ts';

export interface ProcessorLimits extends ResponseLimits {
  /** The largest request body that a filter may have buffered, in bytes. */
  readonly maxRequestBodyBytes: number;
}

/** Who ended the connection of an exchange that was given up, in Envoy's words. */
const CANCEL_DETAILS: { readonly [Category in StatusCategoryName]?: string } = {
  FAILURE_CLIENT_CANCELLED: 'downstream_remote_disconnect',
  FAILURE_LOCAL: 'downstream_local_disconnect',
};

/**
 * Takes one request through inbound filters, endpoint and outbound filters.
 *
 *     request ─► inbound filters ─► endpoint ─► outbound filters ─► response
 *
 * An error before the response has started becomes one response of the error endpoint, through
 * the outbound filters; an error after that cuts the response. There is never a second one.
 */
export class RequestProcessor implements ChainOutput<HttpRequestMessage>, EndpointOwner, ResponseOwner {
  readonly #filters: FilterSet;
  readonly #client: ClientChannel;
  readonly #context: SessionContext;
  readonly #request: HttpRequestMessage;
  readonly #executions: FilterExecutions;
  readonly #inbound: FilterChainRunner<HttpRequestMessage>;
  readonly #response: ResponseProcessor;
  #endpoint: EndpointRun | undefined = undefined;
  #isRequestComplete: boolean;
  #isConnectionSound: boolean;
  /** How often the endpoint has asked the client to wait. */
  #endpointPauses = 0;
  #isInputEnded = false;
  #isTunnel = false;
  #isAnsweringError = false;
  #hasFailed = false;
  #isOver = false;

  constructor(
    request: HttpRequestMessage,
    { set, listener }: FilterSetUse,
    client: ClientChannel,
    limits: ProcessorLimits,
  ) {
    const { context, inboundRequest } = request;
    this.#filters = set;
    this.#client = client;
    this.#context = context;
    this.#request = request;
    this.#executions = new FilterExecutions(set.entries, context.channel.clock, listener);
    context.attachExecutions(this.#executions);
    this.#isRequestComplete = !inboundRequest.hasBody;
    this.#isConnectionSound = inboundRequest.failure === undefined;
    const parts = {
      kind: 'inbound',
      entries: set.inbound,
      executions: this.#executions,
      output: this,
      maxBodyBytes: limits.maxRequestBodyBytes,
    } as const;
    this.#inbound = new FilterChainRunner(parts, request);
    this.#response = new ResponseProcessor(set, client, this.#executions, limits, this);
  }

  get isRequestComplete(): boolean {
    return this.#isRequestComplete;
  }

  get isTunnel(): boolean {
    return this.#isTunnel;
  }

  // What the client still sends would be read as the next request.
  get mustClose(): boolean {
    return !this.#isRequestComplete || !this.#isConnectionSound;
  }

  get incompleteRequest(): HttpRequest | undefined {
    const { inboundRequest } = this.#request;
    // RFC 9110 §10.1.1: without a 100 the body may never come.
    const mayGoOn = inboundRequest.keepAlive && !inboundRequest.expectsContinue && this.#isConnectionSound;
    return mayGoOn && !this.#isRequestComplete ? inboundRequest : undefined;
  }

  // From the client.

  start(): void {
    this.#context.passport?.add('FILTERS_INBOUND_START');
    this.#inbound.start();
  }

  /** A piece of the request's body. */
  requestContent(chunk: HttpContent): void {
    if (this.#isOver) return;
    if (chunk.failure !== undefined) {
      this.#isConnectionSound = false;
      this.#fail(chunk.failure);
      return;
    }
    if (chunk.kind === HttpKind.last) this.#isRequestComplete = true;
    this.#inbound.content(chunk);
    if (chunk.kind === HttpKind.last) this.#response.requestEnded();
  }

  requestTunnel(bytes: Buffer): void {
    this.#endpoint?.upstream?.tunnel(bytes);
  }

  /** The client has closed its sending side, which may be that of a tunnel. */
  requestInputEnded(): void {
    this.#isInputEnded = true;
    if (this.#isTunnel) this.#endpoint?.upstream?.endTunnel();
  }

  requestFlush(): void {
    this.#endpoint?.upstream?.flush();
  }

  clientWritabilityChanged(): void {
    this.#response.clientWritabilityChanged();
    this.onResponseWritabilityChanged(this.#response.isWritable);
  }

  /** An error of the connection, whose state is not known any more. Returns whether it can still be answered. */
  connectionFailed(cause: unknown): boolean {
    if (this.#isOver || this.#response.isComplete) return false;
    this.#isConnectionSound = false;
    this.#fail(cause);
    return true;
  }

  /**
   * The client has gone, or the connection was closed: nothing more can be said. `details` are the words for it, where the
   * category has none.
   */
  cancel(category: StatusCategoryName | undefined, details?: string): void {
    if (this.#isOver) return;
    // A tunnel that its far side has ended is over, however the client leaves it then.
    const isClosed = category === undefined || this.#client.isTunnelOver;
    if (!isClosed) this.#noteCancelled(category, details);
    this.#context.cancel();
    // Closing is how a tunnel ends.
    this.#end(isClosed && this.#isTunnel);
  }

  /** A response was sent; when it was not the one made here, another handler has answered. */
  complete(): void {
    if (this.#isOver) return;
    if (this.#response.isComplete) this.#end(true);
    else this.cancel(undefined);
  }

  // From the inbound filters.

  get isReady(): boolean {
    return this.#endpointPauses === 0;
  }

  needsBodyBuffered(request: HttpRequestMessage): boolean {
    if (this.#context.staticResponse !== undefined) return false;
    const endpoint = this.#endpointClass();
    const entry = endpoint && this.#filters.endpoints.get(endpoint);
    if (entry === undefined || isStreaming(entry.filter) || !entry.hasNeedsBodyBuffered) return false;
    try {
      const isNeeded = entry.filter.needsBodyBuffered?.(request, this.#context);
      return requireBoolean(isNeeded, 'needsBodyBuffered', entry.name);
    } catch (cause) {
      noteFilterError(this.#context, entry, cause);
      throw cause;
    }
  }

  // The origin is not asked whether it wants the body: somebody here does.
  onBodyAwaited(): void {
    this.#request.outboundRequest.expectsContinue = false;
    this.#askForBody();
  }

  onFiltered(): void {
    this.#context.passport?.add('FILTERS_INBOUND_END');
    const { staticResponse } = this.#context;
    const endpoint = this.#endpointClass();
    if (staticResponse !== undefined) this.#answerStatically(staticResponse);
    else if (endpoint === undefined) this.#fail(noEndpoint());
    else if (endpoint === this.#filters.errorEndpoint) this.#answerError(this.#context.error);
    else this.#run(endpoint);
  }

  onFilteredContent(chunk: HttpContent): void {
    this.#endpoint?.upstream?.content(chunk);
  }

  onFlush(): void {
    this.requestFlush();
  }

  onFilterFailure(cause: unknown): void {
    this.#fail(cause);
  }

  onFull(isFull: boolean): void {
    if (isFull) this.#client.pauseReads();
    else this.#client.resumeReads();
  }

  // From the endpoint and the response.

  onEndpointFailure(entry: FilterEntry<Endpoint>, cause: unknown): void {
    noteFilterError(this.#context, entry, cause);
    if (this.#isAnsweringError && !this.#response.isStarted) this.#answerPlainly(cause);
    else this.#fail(cause);
  }

  onResponseFailure(cause: unknown): void {
    this.#fail(cause);
  }

  onTunnelOpened(): void {
    this.#isTunnel = true;
    if (this.#endpoint?.upstream?.endsQuietTunnel === true) this.#client.suspendIdleState();
    if (this.#isInputEnded) this.#endpoint?.upstream?.endTunnel();
  }

  onResponseWritabilityChanged(isWritable: boolean): void {
    this.#endpoint?.upstream?.downstreamWritabilityChanged(isWritable);
  }

  pauseReads(): void {
    this.#endpointPauses++;
    this.#client.pauseReads();
  }

  resumeReads(): void {
    this.#endpointPauses--;
    this.#client.resumeReads();
    this.#inbound.outputChanged();
  }

  requestTaken(): void {
    this.#client.requestTaken();
  }

  #end(isComplete: boolean): void {
    this.#isOver = true;
    this.#inbound.stop();
    this.#response.stop();
    this.#endpoint?.end(isComplete);
  }

  #fail(cause: unknown): void {
    if (this.#isOver || this.#response.isComplete || this.#response.requestEnded()) return;
    if (this.#response.isStarted) this.#cut(cause);
    else if (this.#response.isMade) this.#answerPlainly(cause);
    // Of two errors the first is answered: its endpoint is at work already.
    else if (!this.#isAnsweringError) this.#answerError(cause);
  }

  #answerStatically(response: HttpResponseMessage): void {
    const fault = faultOfAnswer(response, this.#context, 'staticResponse');
    if (fault !== undefined) {
      this.#failUnanswerable(fault);
      return;
    }
    this.#context.answeredBy ??= 'gateway';
    this.#context.responseCodeDetails ??= 'direct_response';
    this.#response.respond(response);
  }

  #answerError(cause: unknown): void {
    this.#isAnsweringError = true;
    this.#context.shouldSendErrorResponse = true;
    this.#drop(cause);
    this.#run(this.#filters.errorEndpoint);
  }

  /** The last resort: a response that no endpoint and no filter touches. */
  #answerPlainly(cause: unknown): void {
    this.#drop(cause);
    this.#context.shouldSendErrorResponse = true;
    this.#context.answeredBy = 'gateway';
    this.#response.respondUnfiltered(problemResponse(this.#context, cause));
  }

  #cut(cause: unknown): void {
    this.#note(cause);
    this.#context.cancel();
    this.#end(false);
    this.#client.cut();
  }

  /** Ends what was under way for the response that will not be. */
  #drop(cause: unknown): void {
    this.#note(cause);
    this.#inbound.stop(cause);
    this.#endpoint?.end(false);
    this.#endpoint = undefined;
  }

  /** As with the category, the first failure names what happened, whatever comes after it. */
  #note(cause: unknown): void {
    const { category, reason, flag, details } = problemOf(cause);
    const context = this.#context;
    if (cause instanceof HttpStatusError && !cause.keepAlive) this.#isConnectionSound = false;
    context.error = cause;
    context.setStatusCategory(category, reason);
    if (flag !== undefined) context.addResponseFlag(flag);
    if (!this.#hasFailed) context.responseCodeDetails = details + thrower(context, cause);
    this.#hasFailed ||= isFailure(category);
  }

  #noteCancelled(category: StatusCategoryName, details = CANCEL_DETAILS[category]): void {
    const context = this.#context;
    context.setStatusCategory(category);
    if (category === StatusCategory.FAILURE_CLIENT_CANCELLED) context.addResponseFlag('DC');
    if (!this.#hasFailed) context.responseCodeDetails = details ?? context.responseCodeDetails;
  }

  #endpointClass(): EndpointClass | undefined {
    if (this.#context.shouldSendErrorResponse) return this.#filters.errorEndpoint;
    return this.#context.endpoint ?? this.#filters.defaultEndpoint;
  }

  #run(endpoint: EndpointClass): void {
    const entry = this.#filters.endpoints.get(endpoint);
    if (entry === undefined) {
      this.#failUnanswerable(notListed(endpoint));
      return;
    }
    if (endpoint !== this.#filters.errorEndpoint && !entry.isEnabled(this.#context)) {
      this.#executions.end(entry, 'DISABLED');
      this.#fail(endpointDisabled());
      return;
    }
    this.#context.answeredBy = entry.name;
    this.#endpoint = new EndpointRun(entry, this.#request, this.#response, this.#executions, this);
    this.#endpoint.start();
    // Whoever has an expectation to pass on answers it.
    const takesBody =
      this.#endpoint?.upstream !== undefined && !this.#request.outboundRequest.expectsContinue;
    if (takesBody && !this.#response.isMade) this.#askForBody();
  }

  /** A mistake of the gateway's that no filter is named for, and so logged here. */
  #failUnanswerable(cause: TypeError): void {
    const { channel } = this.#context;
    channel.logger.warn({ err: cause, channel: channel.toString() }, 'A request could not be answered.');
    this.#fail(cause);
  }

  /**
   * The one place that answers `Expect: 100-continue` (RFC 9110 §10.1.1). A response that is there
   * before goes out without a 100.
   */
  #askForBody(): void {
    if (!this.#request.inboundRequest.expectsContinue) return;
    this.#response.inform(new HttpResponse({ status: 100, framing: 'none' }));
  }
}

/** Where an error has no words of its own: the filter that it is of, so that one can tell which of several has refused a request. */
function thrower({ filterErrors }: SessionContext, cause: unknown): string {
  if (cause instanceof HttpStatusError && cause.details !== cause.reason) return '';
  const error = filterErrors.at(-1);
  if (error === undefined || error.cause !== cause || error.kind === 'endpoint') return '';
  return `{${error.filter}}`;
}
