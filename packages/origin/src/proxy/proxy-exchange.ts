import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent, HttpHeaders, HttpResponse } from '@sluice/codec-http';
import { HttpResponseMessage, StatusCategory } from '@sluice/filters';
import type { Downstream, HttpRequestMessage, Upstream } from '@sluice/filters';
import type { ServerChoice } from '../balancing/server-choice.ts';
import { HeldRequestBody } from './held-request-body.ts';
import { OriginError, originError } from '../origin-error.ts';
import type { Origin } from '../origin.ts';
import { RequestDeadline } from './request-deadline.ts';
import { RequestRetries } from '../retry/request-retries.ts';
import type { RetryCause } from '../retry/retry-decision.ts';
import type { Timed } from './timeouts.ts';
import { DEFAULT_RETRY } from './upstream-policy.ts';
import type { UpstreamPolicy } from './upstream-policy.ts';
import { UpstreamRequest } from './upstream-request.ts';
import type { UpstreamRequestOwner } from './upstream-request-owner.ts';

// Above this, the client is asked to wait while there is no connection yet. In bytes.
const BUFFERED_HIGH_WATER_MARK = 64 * 1024;

const CONTINUE = 100;

/**
 * One request of a client at the proxy, until its response is there, over as many tries as that
 * takes. The five steps of it, of which the middle ones are those of its {@link UpstreamRequest}:
 *
 * 1. the client's request comes in (`content`, `flush`),
 * 2. it is routed: a try begins, a server is chosen and a connection asked for (`start`),
 * 3. it is written upstream when the connection is there (`onReady`),
 * 4. the response is read upstream: passed on, or the request tried again (`onResponse`, `onFailure`),
 * 5. and written downstream, as fast as the client takes it (`downstreamWritabilityChanged`).
 */
export class ProxyExchange implements Upstream, UpstreamRequestOwner, Timed {
  readonly #request: HttpRequestMessage;
  readonly #downstream: Downstream;
  readonly #origin: Origin;
  readonly #policy: UpstreamPolicy | undefined;
  readonly #choice: ServerChoice | undefined;
  #attempt: UpstreamRequest | undefined = undefined;
  /** There is one for a request with a body, and for any other that waits for a connection. */
  #body: HeldRequestBody | undefined = undefined;
  #retries: RequestRetries | undefined = undefined;
  #deadline: RequestDeadline | undefined = undefined;
  #isRequestComplete = false;
  #isClientPaused = false;
  /** Whether the client has heard of a response, be it an interim one. */
  #isAnswered = false;
  /** Whether that was more than an interim one. */
  #isResponding = false;
  #isOver = false;

  constructor(
    request: HttpRequestMessage,
    downstream: Downstream,
    origin: Origin,
    policy: UpstreamPolicy | undefined,
  ) {
    this.#request = request;
    this.#downstream = downstream;
    this.#origin = origin;
    this.#policy = policy;
    this.#choice = origin.choiceFor(request);
    if (policy?.timeoutMs || policy?.sendDeadline)
      this.#deadline = new RequestDeadline(policy, origin.resources, this);
  }

  // Step 1: the client's request comes in.

  content(chunk: HttpContent): void {
    if (this.#isOver) return;
    if (chunk.kind === HttpKind.last) {
      this.#isRequestComplete = true;
      this.#deadline?.start();
    }
    const attempt = this.#attempt;
    if (attempt === undefined || !attempt.isReady) this.#hold(chunk);
    else {
      if (this.#request.outboundRequest.hasBody) this.#heldBody().keep(chunk);
      attempt.write(chunk);
      this.#body?.forgetSent(attempt);
    }
  }

  // The connection to the server does, after its silence.
  get endsQuietTunnel(): boolean {
    return true;
  }

  tunnel(bytes: Buffer): void {
    this.#attempt?.writeTunnel(bytes);
  }

  flush(): void {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    attempt.flush();
    this.#body?.forgetSent(attempt);
  }

  endTunnel(): void {
    this.#attempt?.endTunnel();
  }

  // Step 2: it is routed.

  start(): void {
    const attempt = new UpstreamRequest(
      this.#request,
      this.#downstream,
      this.#origin,
      this.#policy,
      this,
      this.#retries?.needsFreshConnection,
    );
    this.#attempt = attempt;
    attempt.start(this.#retries?.choice ?? this.#choice);
  }

  // Step 3: it is written upstream.

  onReady(attempt: UpstreamRequest): void {
    const { outboundRequest } = this.#request;
    this.#deadline?.tell(outboundRequest.headers);
    const authority = attempt.server?.authority;
    // A server on a Unix socket has none: it gets that of the client.
    if (this.#policy?.autoHost && authority) outboundRequest.authority = authority;
    // A client that sends its body does not wait any more.
    if (this.#body !== undefined) outboundRequest.expectsContinue = false;
    attempt.writeHead(outboundRequest);
    if (!outboundRequest.hasBody) {
      if (this.#isRequestComplete) attempt.write(LastHttpContent.EMPTY);
      return;
    }
    this.#body?.sendTo(attempt);
    this.#body?.forgetSent(attempt);
    attempt.flushLater();
  }

  pauseClient(isPaused: boolean): void {
    if (this.#isClientPaused === isPaused) return;
    this.#isClientPaused = isPaused;
    if (isPaused) this.#downstream.pauseReads();
    else this.#downstream.resumeReads();
  }

  // Step 4: the response is read upstream.

  onInterim(response: HttpResponse): void {
    if (response.status === CONTINUE) {
      const { outboundRequest } = this.#request;
      // Without an expectation that was passed on the client has had its 100, or wants none.
      if (!outboundRequest.expectsContinue) return;
      outboundRequest.expectsContinue = false;
    }
    this.#isAnswered = true;
    this.#downstream.inform(response);
  }

  onResponse(attempt: UpstreamRequest, response: HttpResponse): void {
    const { status, headers } = response;
    const mayBeRefused = status >= 400 && this.#policy?.retry !== undefined;
    if (mayBeRefused && this.#tryAgain(attempt, status, headers)) attempt.ignoreResponse();
    else this.#respond(response);
  }

  onComplete(isRequestSent: boolean): void {
    if (!isRequestSent) this.#origin.resources.metrics.requests['requests.early.response'].inc();
    this.#finish();
  }

  onFailure(attempt: UpstreamRequest, error: unknown, cause: RetryCause | undefined): void {
    if (cause === undefined || !this.#tryAgain(attempt, cause)) this.#fail(error);
  }

  onTunnelEnd(): void {
    this.#finish();
    this.#downstream.endTunnel();
  }

  onTimeout(): void {
    this.#origin.resources.metrics.requests['requests.timeout'].inc();
    this.#attempt?.abandon('timeout');
    this.#fail(originError('request_timeout'));
  }

  // Step 5: it is written downstream.

  downstreamWritabilityChanged(isWritable: boolean): void {
    this.#attempt?.pauseOrigin(!isWritable);
  }

  end(isComplete: boolean): void {
    if (this.#isOver) return;
    if (isComplete) this.#attempt?.abandon();
    else this.#attempt?.cut();
    this.#finish();
  }

  #respond(response: HttpResponse): void {
    const { context } = this.#request;
    context.setStatusCategory(categoryOf(response.status));
    context.upstreamFirstByteMs = context.channel.clock.turnNow() - context.startedAt;
    context.responseCodeDetails = 'via_upstream';
    // What the origin does with its connection is no business of the client.
    response.keepAlive = true;
    if (this.#choice?.newCookie !== undefined) response.headers.add('Set-Cookie', this.#choice.newCookie);
    this.#isAnswered = true;
    this.#isResponding = true;
    this.#retries?.succeeded();
    if (response.status === 101) this.#deadline?.stop();
    this.#downstream.respond(new HttpResponseMessage(response, context));
  }

  /** Sends the request again if that may be; returns whether it does. */
  #tryAgain(attempt: UpstreamRequest, cause: RetryCause, headers?: HttpHeaders): boolean {
    if (this.#isAnswered || this.#isOver) return false;
    this.#retries ??= new RequestRetries(this.#policy?.retry ?? DEFAULT_RETRY, this.#origin, this.#choice);
    const { method, upgrade } = this.#request.outboundRequest;
    const request = { method, isReplayable: this.#isReplayable, isUpgrade: upgrade !== undefined };
    const waitMs = this.#retries.next(cause, request, attempt.server, headers);
    if (waitMs === undefined) {
      const { refusal } = this.#retries;
      if (refusal !== undefined) this.#request.context.addResponseFlag(refusal);
      return false;
    }
    this.#request.context.passport?.add('ORIGIN_RETRY_START');
    this.#attempt = undefined;
    this.#retries.start(waitMs, () => {
      if (!this.#isOver) this.start();
    });
    return true;
  }

  get #isReplayable(): boolean {
    return !this.#request.outboundRequest.hasBody || (this.#body?.isWhole ?? true);
  }

  #hold(chunk: HttpContent): void {
    const { outboundRequest } = this.#request;
    if (!outboundRequest.hasBody) return;
    const body = this.#heldBody();
    body.hold(chunk);
    if (body.bytes > BUFFERED_HIGH_WATER_MARK) this.pauseClient(true);
  }

  #heldBody(): HeldRequestBody {
    this.#body ??= new HeldRequestBody(this.#policy?.retry?.maxReplayBytes ?? 0);
    return this.#body;
  }

  #fail(error: unknown): void {
    this.#finish();
    const isWithinResponse = this.#isResponding && error instanceof OriginError;
    this.#downstream.fail(isWithinResponse ? error.withinResponse() : error);
  }

  #finish(): void {
    this.pauseClient(false);
    this.#isOver = true;
    this.#attempt = undefined;
    this.#body = undefined;
    this.#retries?.finished();
    this.#deadline?.stop();
  }
}

function categoryOf(status: number): (typeof StatusCategory)[keyof typeof StatusCategory] {
  if (status === 404) return StatusCategory.SUCCESS_NOT_FOUND;
  if (status === 503) return StatusCategory.FAILURE_ORIGIN_THROTTLED;
  return status >= 500 ? StatusCategory.FAILURE_ORIGIN : StatusCategory.SUCCESS;
}
