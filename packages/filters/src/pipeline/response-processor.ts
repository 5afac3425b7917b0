import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent, HttpRequest, HttpResponse } from '@sluice/codec-http';
import type { ClientChannel } from './client-channel.ts';
import { FilterChainRunner } from '../chain/filter-chain-runner.ts';
import type { ChainOutput } from '../chain/chain-parts.ts';
import type { FilterExecutions } from '../chain/filter-executions.ts';
import type { FilterSet } from '../declaration/filter-set.ts';
import type { HttpResponseMessage } from '../message/http-response-message.ts';
import { HttpStatusError } from '../error/http-status-error.ts';
import { addProxyStatus } from '../error/proxy-status.ts';
import { StatusCategory } from '../error/status-category.ts';
import { UnneededBody } from './unneeded-body.ts';

/** Whose response it is. */
export interface ResponseOwner {
  /** Whether the connection is of no use after this response. */
  readonly mustClose: boolean;
  /** The request, while its body may still come and the connection can go on behind it. */
  readonly incompleteRequest: HttpRequest | undefined;
  onResponseFailure(cause: unknown): void;
  /** The response was a 101 or accepts a CONNECT, and the client has it. */
  onTunnelOpened(): void;
  /** Whoever makes the response should stop, or may go on. */
  onResponseWritabilityChanged(isWritable: boolean): void;
}

/** What a response may be, and how it tells where it is from. */
export interface ResponseLimits {
  /** The largest response body that a filter may have buffered, in bytes. */
  readonly maxResponseBodyBytes: number;
  /** Who we are in `Proxy-Status`; undefined to say nothing. */
  readonly proxyName: string | undefined;
}

type State = 'none' | 'made' | 'started' | 'complete';

/**
 * Takes the one response to a request through the outbound filters to the client.
 *
 * What belongs to a second response, or follows the end of the first, is dropped.
 */
export class ResponseProcessor implements ChainOutput<HttpResponseMessage> {
  readonly #filters: FilterSet;
  readonly #client: ClientChannel;
  readonly #executions: FilterExecutions;
  readonly #limits: ResponseLimits;
  readonly #owner: ResponseOwner;
  #state: State = 'none';
  /** Made here before the request's end, for which it waits. */
  #waiting: HttpResponseMessage | undefined = undefined;
  #unneededBody: UnneededBody | undefined = undefined;
  #chain: FilterChainRunner<HttpResponseMessage> | undefined = undefined;
  #isChainFull = false;
  #heldTunnel: Buffer[] | undefined = undefined;
  #isTunnelEnded = false;

  constructor(
    filters: FilterSet,
    client: ClientChannel,
    executions: FilterExecutions,
    limits: ResponseLimits,
    owner: ResponseOwner,
  ) {
    this.#filters = filters;
    this.#client = client;
    this.#executions = executions;
    this.#limits = limits;
    this.#owner = owner;
  }

  /** Whether there is a response, be it still with the filters. */
  get isMade(): boolean {
    return this.#state !== 'none';
  }

  /** Whether the client has a part of it: no other response can take its place. */
  get isStarted(): boolean {
    return this.#state === 'started' || this.#state === 'complete';
  }

  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  get isWritable(): boolean {
    return this.#client.isWritable && !this.#isChainFull;
  }

  inform(response: HttpResponse): void {
    if (!this.isStarted) this.#client.inform(response);
  }

  respond(response: HttpResponseMessage): void {
    if (this.isMade) return;
    this.#state = 'made';
    const isMadeHere = !response.isStreaming && response.keepAlive;
    const request = isMadeHere ? this.#owner.incompleteRequest : undefined;
    if (request === undefined) {
      this.#filter(response);
      return;
    }
    this.#waiting = response;
    this.#unneededBody = new UnneededBody(response.context.channel, request, () => this.requestEnded());
  }

  /** The request is there, or is not awaited any more: sends what has waited for it. Returns whether anything has. */
  requestEnded(): boolean {
    const response = this.#waiting;
    if (response === undefined) return false;
    this.#stopWaiting();
    this.#filter(response);
    return true;
  }

  #stopWaiting(): void {
    this.#unneededBody?.cancel();
    this.#waiting = undefined;
  }

  #filter(response: HttpResponseMessage): void {
    const { context } = response;
    context.passport?.add('FILTERS_OUTBOUND_START');
    // Whoever made it has not said why: that it was made here, and by what.
    context.responseCodeDetails ??= `direct_response{${context.answeredBy}}`;
    addProxyStatus(response, this.#limits.proxyName);
    const parts = {
      kind: 'outbound',
      entries: this.#filters.outbound,
      executions: this.#executions,
      output: this,
      maxBodyBytes: this.#limits.maxResponseBodyBytes,
    } as const;
    this.#chain = new FilterChainRunner(parts, response);
    this.#chain.start();
  }

  /** The answer when a response was made and can't be sent: the outbound filters don't run twice. */
  respondUnfiltered(response: HttpResponseMessage): void {
    this.stop();
    addProxyStatus(response, this.#limits.proxyName);
    const body = new LastHttpContent(response.takeReplacedBody());
    response.keepAlive &&= !this.#owner.mustClose;
    this.#state = 'started';
    this.#client.respond(response);
    this.onFilteredContent(body);
  }

  content(chunk: HttpContent): void {
    if (chunk.failure === undefined) this.#chain?.content(chunk);
    else this.#owner.onResponseFailure(malformedResponse(chunk.failure));
  }

  tunnel(bytes: Buffer): void {
    if (this.isStarted) this.#client.tunnel(bytes);
    else (this.#heldTunnel ??= []).push(bytes);
  }

  endTunnel(): void {
    if (this.isStarted) this.#client.endTunnel();
    else this.#isTunnelEnded = true;
  }

  flush(): void {
    this.#client.flush();
  }

  /** No response is wanted any more, or it is another one. */
  stop(): void {
    this.#stopWaiting();
    this.#chain?.stop();
  }

  /** The client takes more, or no more. */
  clientWritabilityChanged(): void {
    this.#chain?.outputChanged();
  }

  // From the filters.

  get isReady(): boolean {
    return this.#client.isWritable;
  }

  needsBodyBuffered(): boolean {
    return false;
  }

  onFiltered(response: HttpResponseMessage): void {
    response.context.passport?.add('FILTERS_OUTBOUND_END');
    response.keepAlive &&= !this.#owner.mustClose;
    // A filter may have put another response in the place of the first.
    addProxyStatus(response, this.#limits.proxyName);
    this.#client.respond(response);
    // A head that can't be encoded has been answered with an error meanwhile.
    if (this.#state !== 'made') return;
    this.#state = 'started';
    if (response.opensTunnel) this.#openTunnel();
  }

  onFilteredContent(chunk: HttpContent): void {
    if (chunk.kind === HttpKind.last) this.#state = 'complete';
    this.#client.content(chunk);
  }

  onFlush(): void {
    this.#client.flush();
  }

  onFilterFailure(cause: unknown): void {
    this.#owner.onResponseFailure(cause);
  }

  onFull(isFull: boolean): void {
    this.#isChainFull = isFull;
    this.#owner.onResponseWritabilityChanged(this.isWritable);
  }

  // The far end may have spoken while a filter was thinking about the 101.
  #openTunnel(): void {
    for (const bytes of this.#heldTunnel ?? []) this.#client.tunnel(bytes);
    this.#heldTunnel = undefined;
    this.#owner.onTunnelOpened();
    if (this.#isTunnelEnded) this.#client.endTunnel();
  }
}

function malformedResponse(cause: unknown): HttpStatusError {
  return new HttpStatusError(502, 'The origin sent a malformed answer.', {
    category: StatusCategory.FAILURE_ORIGIN,
    reason: 'http_protocol_error',
    source: 'upstream',
    cause,
  });
}
