import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent, HttpResponse } from '@sluice/codec-http';
import { HttpResponseMessage, StatusCategory } from '@sluice/filters';
import type { Downstream, HttpRequestMessage, Upstream } from '@sluice/filters';
import type { Passport } from '@sluice/passport';
import type { ConnectionPool, PoolCallbacks } from './connection-pool.ts';
import { originError, responseFailure } from './origin-error.ts';
import type { OriginOptions } from './origin-options.ts';
import type { Origin } from './origin.ts';
import type { ConnectionBorrower, PooledConnection } from './pooled-connection.ts';

// Above this, the client is asked to wait while there is no connection yet. In bytes.
const BUFFERED_HIGH_WATER_MARK = 64 * 1024;

// RFC 9110 §9.2.2: may be sent again without harm.
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

const SWITCHING_PROTOCOLS = 101;
const CONTINUE = 100;

/**
 * One request on its way to an origin and back, in five steps:
 *
 * 1. the client's request comes in (`content`, `flush`),
 * 2. it is routed: a server is chosen and a connection asked for (`start`),
 * 3. it is written upstream when the connection is there (`onPoolReady`),
 * 4. the response is read upstream (`onResponse`, `onContent`),
 * 5. and written downstream, as fast as the client takes it (`downstreamWritabilityChanged`).
 */
export class UpstreamRequest implements Upstream, PoolCallbacks, ConnectionBorrower {
  readonly #request: HttpRequestMessage;
  readonly #downstream: Downstream;
  readonly #origin: Origin;
  /** Of the client's request; undefined where no handler keeps one. */
  readonly #passport: Passport | undefined;
  #pool: ConnectionPool | undefined = undefined;
  #connection: PooledConnection | undefined = undefined;
  #buffered: HttpContent[] | undefined = undefined;
  #bufferedBytes = 0;
  #isClientPaused = false;
  #isOriginPaused = false;
  #isRequestSent = false;
  #hasReceived = false;
  #isTunnel = false;
  #isOver = false;
  #isRetry = false;

  constructor(request: HttpRequestMessage, downstream: Downstream, origin: Origin) {
    this.#request = request;
    this.#downstream = downstream;
    this.#origin = origin;
    this.#passport = request.context.passport;
  }

  // Step 1: the client's request comes in.

  content(chunk: HttpContent): void {
    if (this.#isOver) return;
    if (this.#connection === undefined) this.#buffer(chunk);
    else this.#write(this.#connection, chunk);
  }

  tunnel(bytes: Buffer): void {
    if (this.#isOver || this.#connection === undefined) return;
    this.#connection.touch();
    this.#connection.channel.write(bytes);
    this.#pauseClientIfFull(this.#connection);
  }

  flush(): void {
    this.#connection?.channel.flush();
  }

  endTunnel(): void {
    if (this.#isTunnel && !this.#isOver) this.#connection?.channel.shutdownOutput();
  }

  // Step 2: it is routed.

  start(): void {
    this.#passport?.add('ORIGIN_CONN_ACQUIRE_START');
    this.#pool = this.#origin.acquire(this);
    if (this.#connection === undefined && !this.#isOver) this.#passport?.add('ORIGIN_CH_CONNECTING');
  }

  onPoolFailure(error: unknown): void {
    if (this.#isOver) return;
    this.#passport?.add('ORIGIN_CONN_ACQUIRE_FAILED');
    this.#finish();
    this.#downstream.fail(error);
  }

  // Step 3: it is written upstream.

  onPoolReady(connection: PooledConnection): void {
    const { outboundRequest, context } = this.#request;
    const { channel } = connection;
    context.upstreamHost = connection.serverName;
    context.upstreamAttempts++;
    this.#connection = connection;
    connection.lend(this, this.#passport);
    if (!connection.isReused) this.#passport?.add('ORIGIN_CH_CONNECTED');
    this.#passport?.add('ORIGIN_CONN_ACQUIRE_END');
    channel.write(outboundRequest);
    const buffered = this.#buffered;
    this.#buffered = undefined;
    if (buffered !== undefined) for (const chunk of buffered) this.#write(connection, chunk);
    // A head goes out with what is there of its body, but does not wait for more.
    if (outboundRequest.hasBody && !this.#isRequestSent) channel.eventLoop.execute(() => this.flush());
    if (channel.isWritable) this.#pauseClient(false);
  }

  onWritabilityChanged(isWritable: boolean): void {
    this.#connection?.touch();
    this.#pauseClient(!isWritable);
  }

  // Step 4: the response is read upstream.

  onResponse(response: HttpResponse): void {
    this.#connection?.touch();
    this.#hasReceived = true;
    if (!response.isInformational) this.#respond(response);
    // The client's own expectation was answered when its request came in.
    else if (response.status !== CONTINUE) this.#downstream.inform(response);
  }

  onContent(content: HttpContent): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (content.kind === HttpKind.last) {
      this.#finish();
      connection.release();
      if (connection.channel.isActive) this.#passport?.add('ORIGIN_CH_POOL_RETURNED');
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
    if (this.#canRetry(cause)) this.#retry(connection);
    else this.#end(originError(responseFailure(cause), cause));
  }

  silenceLimitMs({ responseTimeoutMs, tunnelIdleTimeoutMs }: OriginOptions): number | undefined {
    if (this.#isTunnel) return tunnelIdleTimeoutMs;
    const owesResponse = this.#isRequestSent && !this.#isOriginPaused;
    const owesReading = this.#connection?.channel.isWritable === false;
    return owesResponse || owesReading ? responseTimeoutMs : undefined;
  }

  onSilence(): void {
    this.#passport?.add('ORIGIN_CH_READ_TIMEOUT');
    this.#end(originError('http_response_timeout'));
  }

  // Step 5: it is written downstream.

  downstreamWritabilityChanged(isWritable: boolean): void {
    this.#pauseOrigin(!isWritable);
  }

  end(): void {
    if (!this.#isOver) this.#abandon();
  }

  #respond(response: HttpResponse): void {
    const { context } = this.#request;
    context.setStatusCategory(categoryOf(response.status));
    context.upstreamFirstByteMs = context.channel.clock.now() - context.startedAt;
    context.responseCodeDetails = 'via_upstream';
    // What the origin does with its connection is no business of the client.
    response.keepAlive = true;
    this.#isTunnel = response.status === SWITCHING_PROTOCOLS;
    this.#downstream.respond(new HttpResponseMessage(response, context));
  }

  #write(connection: PooledConnection, chunk: HttpContent): void {
    connection.touch();
    connection.channel.write(chunk);
    if (chunk.kind === HttpKind.last) {
      this.#isRequestSent = true;
      connection.channel.flush();
    } else this.#pauseClientIfFull(connection);
  }

  #buffer(chunk: HttpContent): void {
    (this.#buffered ??= []).push(chunk);
    this.#bufferedBytes += chunk.data.length;
    if (this.#bufferedBytes > BUFFERED_HIGH_WATER_MARK) this.#pauseClient(true);
  }

  #pauseClientIfFull(connection: PooledConnection): void {
    if (connection.channel.isWritable) return;
    connection.channel.flush();
    if (!connection.channel.isWritable) this.#pauseClient(true);
  }

  #pauseOriginIfFull(): void {
    if (this.#downstream.isWritable) return;
    this.#downstream.flush();
    if (!this.#downstream.isWritable) this.#pauseOrigin(true);
  }

  #pauseClient(isPaused: boolean): void {
    if (this.#isClientPaused === isPaused) return;
    this.#isClientPaused = isPaused;
    if (isPaused) this.#downstream.pauseReads();
    else this.#downstream.resumeReads();
  }

  #pauseOrigin(isPaused: boolean): void {
    const channel = this.#connection?.channel;
    if (this.#isOriginPaused === isPaused || channel === undefined) return;
    this.#isOriginPaused = isPaused;
    this.#connection?.touch();
    if (isPaused) channel.pauseReads();
    else channel.resumeReads();
  }

  // A server may close a kept connection just as the request is sent (RFC 9112 §9.3.1): once more,
  // on another connection, when the request can be sent again as it was.
  #canRetry(cause: unknown): boolean {
    const { method, hasBody, upgrade } = this.#request.outboundRequest;
    const isUntouched = !this.#isRetry && !this.#hasReceived && this.#connection?.isReused === true;
    const isWhole = !hasBody && upgrade === undefined && IDEMPOTENT.has(method);
    return isUntouched && isWhole && responseFailure(cause) === 'connection_terminated';
  }

  // A turn later: if the server is closing all its connections, the pool knows by then.
  #retry(connection: PooledConnection): void {
    this.#passport?.add('ORIGIN_RETRY_START');
    this.#isRetry = true;
    this.#isRequestSent = false;
    this.#connection = undefined;
    this.#buffered = [LastHttpContent.EMPTY];
    connection.discard();
    connection.channel.eventLoop.nextTurn(() => {
      if (!this.#isOver) this.start();
    });
  }

  /** The response can't be had, or not the rest of it. */
  #end(error: unknown): void {
    const isTunnel = this.#isTunnel;
    this.#abandon();
    if (isTunnel) this.#downstream.endTunnel();
    else this.#downstream.fail(error);
  }

  /** Gives up what is under way: the connection can't serve another request. */
  #abandon(): void {
    const connection = this.#connection;
    this.#finish();
    this.#pool?.cancel(this);
    connection?.discard();
  }

  #finish(): void {
    this.#pauseOrigin(false);
    this.#pauseClient(false);
    this.#isOver = true;
    this.#connection = undefined;
  }
}

function categoryOf(status: number): (typeof StatusCategory)[keyof typeof StatusCategory] {
  if (status === 404) return StatusCategory.SUCCESS_NOT_FOUND;
  if (status === 503) return StatusCategory.FAILURE_ORIGIN_THROTTLED;
  return status >= 500 ? StatusCategory.FAILURE_ORIGIN : StatusCategory.SUCCESS;
}
