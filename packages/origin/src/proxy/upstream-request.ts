import { HttpKind } from '@sluice/codec-http';
import type { HttpContent, HttpRequest, HttpResponse } from '@sluice/codec-http';
import type { Downstream, HttpRequestMessage } from '@sluice/filters';
import type { Passport } from '@sluice/passport';
import type { ServerChoice } from '../balancing/server-choice.ts';
import type { ConnectionPool } from '../pool/connection-pool.ts';
import { IgnoredResponse } from './ignored-response.ts';
import { OriginError, originError, responseFailure } from '../origin-error.ts';
import type { OriginFailure } from '../origin-error.ts';
import type { OriginOptions } from '../origin-options.ts';
import type { RequestOutcome } from '../origin-server-stats.ts';
import type { OriginServer } from '../origin-server.ts';
import type { Origin, OriginCallbacks } from '../origin.ts';
import type { ConnectionBorrower, PooledConnection } from '../pool/pooled-connection.ts';
import { outcomeOf } from './request-outcome.ts';
import { causeOf } from '../retry/retry-decision.ts';
import type { RetryCause } from '../retry/retry-decision.ts';
import type { Timed, Timeout } from './timeouts.ts';
import type { UpstreamPolicy } from './upstream-policy.ts';
import type { UpstreamRequestOwner } from './upstream-request-owner.ts';

const SWITCHING_PROTOCOLS = 101;

/**
 * One try to send a request to an origin and to have its response: from asking for a connection
 * until that is given back or closed. Once it has told of its end it is deaf.
 */
export class UpstreamRequest implements OriginCallbacks, ConnectionBorrower, Timed {
  readonly #request: HttpRequestMessage;
  readonly #downstream: Downstream;
  readonly #origin: Origin;
  readonly #policy: UpstreamPolicy | undefined;
  readonly #owner: UpstreamRequestOwner;
  readonly needsFreshConnection: boolean;
  /** Of the client's request; undefined where no handler keeps one. */
  readonly #passport: Passport | undefined;
  #server: OriginServer | undefined = undefined;
  /** Whether the server has the request and its outcome was not told yet. */
  #isWithServer = false;
  #status: number | undefined = undefined;
  #pool: ConnectionPool | undefined = undefined;
  #connection: PooledConnection | undefined = undefined;
  #perTryTimeout: Timeout | undefined = undefined;
  #isOriginPaused = false;
  /** The channel's `sendCount` when it was lent. */
  #sendsBefore = 0;
  #isRequestSent = false;
  #hasReceived = false;
  #isTunnel = false;
  #isOver = false;

  constructor(
    request: HttpRequestMessage,
    downstream: Downstream,
    origin: Origin,
    policy: UpstreamPolicy | undefined,
    owner: UpstreamRequestOwner,
    needsFreshConnection = false,
  ) {
    this.#request = request;
    this.#downstream = downstream;
    this.#origin = origin;
    this.#policy = policy;
    this.#owner = owner;
    this.needsFreshConnection = needsFreshConnection;
    this.#passport = request.context.passport;
  }

  /** The server that was chosen; undefined when there was none. */
  get server(): OriginServer | undefined {
    return this.#server;
  }

  /** Whether the request is being written and the response awaited. */
  get isReady(): boolean {
    return this.#connection !== undefined;
  }

  /** Whether any of the request may have left this machine, while it is not over. */
  get hasLeft(): boolean {
    return this.#connection !== undefined && this.#connection.channel.sendCount !== this.#sendsBefore;
  }

  // Step 2: a server is chosen and a connection asked for.

  start(choice?: ServerChoice): void {
    this.#passport?.add('ORIGIN_CONN_ACQUIRE_START');
    this.#pool = this.#origin.acquire(this, choice);
    if (this.#connection === undefined && !this.#isOver) this.#passport?.add('ORIGIN_CH_CONNECTING');
  }

  onServerChosen(server: OriginServer): void {
    const { context } = this.#request;
    context.upstreamHost = server.name;
    context.upstreamAttempts++;
    this.#server = server;
    this.#isWithServer = true;
    server.stats.requestStarted();
  }

  onPoolFailure(error: unknown): void {
    if (this.#isOver) return;
    this.#passport?.add('ORIGIN_CONN_ACQUIRE_FAILED');
    // Where no pool was chosen there is no other to try.
    const isFailure = this.#pool !== undefined && error instanceof OriginError;
    this.#fail(error, isFailure ? causeOf(error.failure) : undefined);
  }

  // Step 3: the request is written upstream.

  onPoolReady(connection: PooledConnection): void {
    this.#connection = connection;
    this.#sendsBefore = connection.channel.sendCount;
    connection.lend(this, this.#passport, this.#policy?.idleTimeoutMs);
    if (!connection.isReused) this.#passport?.add('ORIGIN_CH_CONNECTED');
    this.#passport?.add('ORIGIN_CONN_ACQUIRE_END');
    this.#owner.onReady(this);
    if (connection.channel.isWritable) this.#owner.pauseClient(false);
  }

  writeHead(head: HttpRequest): void {
    this.#connection?.channel.write(head);
  }

  write(chunk: HttpContent): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    connection.touch();
    connection.channel.write(chunk);
    if (chunk.kind === HttpKind.last) this.#requestSent(connection);
    else this.#pauseClientIfFull(connection);
  }

  /** A head goes out with what is there of its body, but does not wait for more. */
  flushLater(): void {
    if (this.#isRequestSent) return;
    this.#connection?.channel.eventLoop.execute(() => this.#owner.flush());
  }

  flush(): void {
    if (this.#connection === undefined) return;
    this.#connection.channel.flush();
  }

  writeTunnel(bytes: Buffer): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    connection.touch();
    connection.channel.write(bytes);
    this.#pauseClientIfFull(connection);
  }

  endTunnel(): void {
    if (!this.#isTunnel) return;
    // What was sent ahead of the tunnel may not have been flushed when its end is known.
    this.flush();
    this.#connection?.channel.shutdownOutput();
  }

  onWritabilityChanged(isWritable: boolean): void {
    this.#connection?.touch();
    this.#owner.pauseClient(!isWritable);
  }

  // Step 4: the response is read upstream.

  onResponse(response: HttpResponse): void {
    this.#connection?.touch();
    this.#hasReceived = true;
    if (response.isInformational) this.#owner.onInterim(response);
    else {
      this.#stopPerTryTimeout();
      this.#status = response.status;
      this.#isTunnel = response.status === SWITCHING_PROTOCOLS;
      this.#owner.onResponse(this, response);
    }
  }

  onContent(content: HttpContent): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (content.kind === HttpKind.last) {
      this.#finish();
      connection.release();
      if (connection.channel.isActive) this.#passport?.add('ORIGIN_CH_POOL_RETURNED');
      this.#owner.onComplete(this.#isRequestSent);
      this.#downstream.content(content);
    } else {
      connection.touch();
      this.#downstream.content(content);
      this.#pauseOriginIfFull();
    }
  }

  onTunnel(bytes: Buffer): void {
    this.#connection?.touch();
    this.#downstream.tunnel(bytes);
    this.#pauseOriginIfFull();
  }

  onReadComplete(): void {
    this.#hasReceived = true;
    this.#downstream.flush();
  }

  onReset(cause: unknown): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (cause !== undefined) this.#passport?.add('ORIGIN_CH_IO_EX');
    // A server that has ended in order may reset what is still on its way to it.
    if (this.#isTunnel && (cause === undefined || connection.channel.isInputShutdown)) {
      this.#endTunnel();
      return;
    }
    const failure = responseFailure(cause);
    const retryCause = this.#resetCause(connection, failure);
    this.#fail(originError(failure, cause), retryCause);
  }

  silenceLimitMs({ responseTimeoutMs, tunnelIdleTimeoutMs }: OriginOptions): number | undefined {
    const idleTimeoutMs = this.#policy?.idleTimeoutMs;
    if (this.#isTunnel) return idleTimeoutMs ?? tunnelIdleTimeoutMs;
    const owesResponse = this.#isRequestSent && !this.#isOriginPaused;
    const owesReading = this.#connection?.channel.isWritable === false;
    return owesResponse || owesReading ? (idleTimeoutMs ?? responseTimeoutMs) : undefined;
  }

  onSilence(): void {
    this.#passport?.add('ORIGIN_CH_READ_TIMEOUT');
    if (this.#isTunnel) {
      this.#endTunnel();
      return;
    }
    this.#origin.resources.metrics.requests['requests.response.timeout'].inc();
    this.#fail(originError('http_response_timeout'), causeOf('http_response_timeout'));
  }

  get sendsBody(): boolean {
    return this.#isTunnel || this.#request.outboundRequest.hasBody;
  }

  onTaken(): void {
    this.#downstream.requestTaken();
  }

  onTimeout(): void {
    this.#perTryTimeout = undefined;
    this.#passport?.add('ORIGIN_CH_READ_TIMEOUT');
    this.#origin.resources.metrics.requests['requests.per.try.timeout'].inc();
    this.#fail(originError('per_try_timeout'), causeOf('per_try_timeout'));
  }

  /**
   * The response is not wanted, another try follows: if the request was sent whole the connection
   * is kept for others.
   */
  ignoreResponse(): void {
    const connection = this.#connection;
    if (!this.#isRequestSent) this.abandon();
    else if (connection !== undefined) {
      this.#finish();
      connection.handOver(new IgnoredResponse(connection));
    }
  }

  // Step 5: the response is written downstream, as fast as the client takes it.

  pauseOrigin(isPaused: boolean): void {
    const connection = this.#connection;
    if (this.#isOriginPaused === isPaused || connection === undefined) return;
    this.#isOriginPaused = isPaused;
    connection.touch();
    if (isPaused) connection.channel.pauseReads();
    else connection.channel.resumeReads();
  }

  /** Gives up what is under way: the connection can't serve another request. */
  abandon(outcome?: RequestOutcome): void {
    const connection = this.#connection;
    // Without a connection the server has had nothing to answer.
    if (outcome !== undefined && connection !== undefined) this.#tellOutcome(outcome);
    this.#finish();
    this.#pool?.cancel(this);
    connection?.discard();
  }

  /** Gives up what is under way, and lets the server of a tunnel see that it was cut. */
  cut(): void {
    const connection = this.#connection;
    if (!this.#isTunnel || connection === undefined) {
      this.abandon();
      return;
    }
    this.#finish();
    connection.cut();
  }

  #pauseOriginIfFull(): void {
    if (this.#downstream.isWritable) return;
    this.#downstream.flush();
    if (!this.#downstream.isWritable) this.pauseOrigin(true);
  }

  #pauseClientIfFull({ channel }: PooledConnection): void {
    if (channel.isWritable) return;
    this.flush();
    if (!channel.isWritable) this.#owner.pauseClient(true);
  }

  #requestSent({ channel }: PooledConnection): void {
    this.#isRequestSent = true;
    channel.flush();
    const perTryTimeoutMs = this.#policy?.perTryTimeoutMs ?? 0;
    if (perTryTimeoutMs === 0 || this.#hasReceived || this.#isOver) return;
    this.#perTryTimeout = this.#origin.resources.timeouts.start(perTryTimeoutMs, this);
  }

  // A server may close a kept connection just as the request is sent (RFC 9112 §9.3.1).
  #resetCause(connection: PooledConnection, failure: OriginFailure): RetryCause | undefined {
    const isTerminated = failure === 'connection_terminated';
    // What came before the request is of the connection's past, whatever it is.
    if (!this.hasLeft && (isTerminated || failure === 'http_protocol_error')) return 'reset-before-request';
    if (!isTerminated) return causeOf(failure);
    return connection.isReused && !this.#hasReceived ? 'refused-stream' : 'reset';
  }

  #fail(error: unknown, cause: RetryCause | undefined): void {
    const connection = this.#connection;
    if (!this.#isTunnel) this.#tellOutcome(outcomeOf(error));
    this.#finish();
    // It may be sent on another connection, and must not be on both.
    if (cause === 'reset-before-request') connection?.channel.cancelFlush();
    connection?.discard();
    this.#owner.onFailure(this, error, cause);
  }

  #endTunnel(): void {
    const connection = this.#connection;
    this.#finish();
    connection?.discard();
    this.#owner.onTunnelEnd();
  }

  #tellOutcome(outcome: RequestOutcome): void {
    if (!this.#isWithServer) return;
    this.#isWithServer = false;
    this.#server?.stats.requestEnded(outcome);
  }

  #finish(): void {
    this.#tellOutcome(this.#status ?? 'none');
    this.pauseOrigin(false);
    this.#stopPerTryTimeout();
    this.#isOver = true;
    this.#connection = undefined;
  }

  #stopPerTryTimeout(): void {
    this.#perTryTimeout?.cancel();
    this.#perTryTimeout = undefined;
  }
}
