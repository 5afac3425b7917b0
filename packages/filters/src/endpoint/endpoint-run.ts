import type { HttpContent, HttpResponse } from '@sluice/codec-http';
import { isStreaming } from './endpoint.ts';
import type { Downstream, Endpoint, ResponseEndpoint, StreamingEndpoint, Upstream } from './endpoint.ts';
import { requireUpstream } from './require-upstream.ts';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import { FilterConcurrencyError } from '../chain/filter-concurrency-error.ts';
import type { FilterExecutions } from '../chain/filter-executions.ts';
import { isLater } from '../chain/filter-result.ts';
import { otherRequest } from '../message/http-message.ts';
import type { HttpRequestMessage } from '../message/http-request-message.ts';
import { faultOfAnswer } from '../message/http-response-message.ts';
import type { HttpResponseMessage } from '../message/http-response-message.ts';
import { PendingResult } from '../chain/pending-result.ts';
import type { ResultReceiver } from '../chain/pending-result.ts';
import type { ResponseProcessor } from '../pipeline/response-processor.ts';

/** Who started the run of an endpoint. */
export interface EndpointOwner {
  readonly isRequestComplete: boolean;
  onEndpointFailure(entry: FilterEntry<Endpoint>, cause: unknown): void;
  pauseReads(): void;
  resumeReads(): void;
  requestTaken(): void;
}

/**
 * One endpoint at work on one request. Once {@link end}ed it is deaf: what the endpoint still
 * says has no effect but to be counted, and the pauses that it asked for are over.
 */
export class EndpointRun implements Downstream, ResultReceiver<HttpResponseMessage> {
  readonly #entry: FilterEntry<Endpoint>;
  readonly #request: HttpRequestMessage;
  readonly #response: ResponseProcessor;
  readonly #executions: FilterExecutions;
  readonly #owner: EndpointOwner;
  #upstream: Upstream | undefined = undefined;
  #pending: PendingResult<HttpResponseMessage> | undefined = undefined;
  #pauses = 0;
  #startedAt: number | undefined = undefined;
  #hasEnded = false;
  #isOver = false;
  #isComplete = false;

  constructor(
    entry: FilterEntry<Endpoint>,
    request: HttpRequestMessage,
    response: ResponseProcessor,
    executions: FilterExecutions,
    owner: EndpointOwner,
  ) {
    this.#entry = entry;
    this.#request = request;
    this.#response = response;
    this.#executions = executions;
    this.#owner = owner;
  }

  /** The far side, for the client's part to go to; undefined when the endpoint has none. */
  get upstream(): Upstream | undefined {
    return this.#upstream;
  }

  start(): void {
    const { filter, concurrency, name } = this.#entry;
    try {
      concurrency.requireRoom(name);
      this.#startedAt = this.#executions.startTime();
      if (isStreaming(filter)) this.#open(filter);
      else this.#apply(filter);
    } catch (cause) {
      this.fail(cause);
    }
  }

  end(isComplete: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isComplete = isComplete;
    this.#pending?.cancel();
    this.#upstream?.end(isComplete);
    while (this.#pauses > 0) this.resumeReads();
  }

  // From the endpoint.

  get isRequestComplete(): boolean {
    return this.#owner.isRequestComplete;
  }

  get isWritable(): boolean {
    return !this.#isOver && this.#response.isWritable;
  }

  inform(response: HttpResponse): void {
    if (!this.#isOver) this.#response.inform(response);
  }

  respond(response: HttpResponseMessage): void {
    if (this.#isOver) {
      this.#executions.writeLate(this.#entry);
      return;
    }
    if (response.context !== this.#request.context) {
      this.fail(otherRequest(this.#entry.name));
      return;
    }
    this.#noteEnd('SUCCESS');
    this.#response.respond(response);
  }

  content(chunk: HttpContent): void {
    if (this.#isOver) this.#executions.writeLate(this.#entry);
    else this.#response.content(chunk);
  }

  tunnel(bytes: Buffer): void {
    if (!this.#isOver) this.#response.tunnel(bytes);
  }

  endTunnel(): void {
    if (!this.#isOver) this.#response.endTunnel();
  }

  flush(): void {
    if (!this.#isOver) this.#response.flush();
  }

  fail(cause: unknown): void {
    if (this.#isOver) return;
    this.#noteEnd('FAILED');
    if (cause instanceof FilterConcurrencyError) this.#executions.reject(this.#entry);
    this.#owner.onEndpointFailure(this.#entry, cause);
  }

  pauseReads(): void {
    if (this.#isOver) return;
    this.#pauses++;
    this.#owner.pauseReads();
  }

  resumeReads(): void {
    if (this.#pauses === 0) return;
    this.#pauses--;
    this.#owner.resumeReads();
  }

  requestTaken(): void {
    if (!this.#isOver) this.#owner.requestTaken();
  }

  onResult(response: HttpResponseMessage | void): void {
    const fault = faultOfAnswer(response, this.#request.context, this.#entry.name);
    if (fault !== undefined) this.fail(fault);
    else this.respond(response as HttpResponseMessage);
  }

  onResultFailure(cause: unknown): void {
    this.fail(cause);
  }

  #open(endpoint: StreamingEndpoint): void {
    this.#executions.awaitResponse(this.#entry);
    const upstream = requireUpstream(endpoint.open(this.#request, this), this.#entry.name);
    // It may have answered, or failed, and be over before it has said who is to be told.
    if (this.#isOver) upstream.end(this.#isComplete);
    else this.#upstream = upstream;
  }

  #apply(endpoint: ResponseEndpoint): void {
    const { context } = this.#request;
    const result = endpoint.apply(this.#request, context);
    if (!isLater(result)) {
      this.onResult(result);
      return;
    }
    this.#startedAt = this.#executions.awaitResult(this.#entry, this.#startedAt);
    this.#pending = new PendingResult(result, this.#entry, context, this);
  }

  /** It is through when it has given the head of a response; what goes wrong later is noted as well. */
  #noteEnd(status: 'SUCCESS' | 'FAILED'): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#executions.end(this.#entry, status, this.#startedAt);
  }
}
