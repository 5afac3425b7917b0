import { HttpResponse } from '@sluice/codec-http';
import type { Channel, Timer } from '@sluice/core';
import { HttpResponseMessage, StatusCategory } from '@sluice/filters';
import type { Downstream, HttpRequestMessage, Upstream } from '@sluice/filters';
import { connectFailure, originError, responseFailure } from '../origin-error.ts';
import type { OriginError } from '../origin-error.ts';
import type { OriginServer } from '../origin-server.ts';
import type { Origin } from '../origin.ts';
import { outcomeOf } from './request-outcome.ts';
import { RequestRetries } from '../retry/request-retries.ts';
import { causeOf } from '../retry/retry-decision.ts';
import { TunnelHandler } from './tunnel-handler.ts';
import type { TunnelListener } from './tunnel-handler.ts';
import { DEFAULT_RETRY } from './upstream-policy.ts';
import type { UpstreamPolicy } from './upstream-policy.ts';

const REPEATABLE = { method: 'CONNECT', isReplayable: true, isUpgrade: false };

/**
 * A CONNECT that ends here: the client's bytes go to a server of the origin as they are, over a
 * connection of their own (RFC 9110 §9.3.6). The server hears nothing of HTTP, and the host that the
 * client has named chooses the route alone.
 *
 * The 200 goes out when the server is connected. The server's end is the end of the tunnel, and so
 * is a time in which nothing has passed; a client that has ended its sending still hears the server.
 * A reset by one side is passed on to the other.
 */
export class ConnectTunnel implements Upstream, TunnelListener {
  readonly #request: HttpRequestMessage;
  readonly #downstream: Downstream;
  readonly #origin: Origin;
  readonly #idleTimeoutMs: number;
  readonly #retries: RequestRetries;
  #server: OriginServer | undefined = undefined;
  #channel: Channel | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #lastActivity = 0;
  #isOpen = false;
  #isClientPaused = false;
  #isServerPaused = false;
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
    this.#idleTimeoutMs = policy?.idleTimeoutMs ?? origin.resources.options.tunnelIdleTimeoutMs;
    this.#retries = new RequestRetries(policy?.retry ?? DEFAULT_RETRY, origin, origin.choiceFor(request));
  }

  /** Connects to a server; another one is tried when that fails. */
  start(): void {
    const { resources } = this.#origin;
    const server = this.#origin.chooseServer(this.#retries.choice);
    if (server === undefined) this.#fail(originError('destination_unavailable'));
    else if (!resources.hasRequestLeft) {
      resources.metrics.requests['requests.overflow'].inc();
      this.#fail(originError('request_limit_reached'));
    } else if (!resources.hasConnectionLeft) {
      resources.metrics.requests['connections.overflow'].inc();
      this.#fail(originError('connection_limit_reached'));
    } else this.#connect(server);
  }

  // From the client.

  /** After the time without bytes that the options say. */
  get endsQuietTunnel(): boolean {
    return true;
  }

  content(): void {}

  tunnel(bytes: Buffer): void {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#touch();
    channel.write(bytes);
    if (channel.isWritable) return;
    channel.flush();
    if (!channel.isWritable) this.#pauseClient(true);
  }

  endTunnel(): void {
    this.#channel?.flush();
    this.#channel?.shutdownOutput();
  }

  flush(): void {
    this.#channel?.flush();
  }

  downstreamWritabilityChanged(isWritable: boolean): void {
    this.#pauseServer(!isWritable);
  }

  end(isComplete: boolean): void {
    if (this.#isOver) return;
    const channel = this.#channel;
    this.#isOver = true;
    // The server must not take it for an orderly end.
    if (!isComplete) channel?.reset();
    this.#finish();
  }

  // From the server.

  onBytes(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#touch();
    this.#downstream.tunnel(bytes);
    if (this.#downstream.isWritable) return;
    this.#downstream.flush();
    if (!this.#downstream.isWritable) this.#pauseServer(true);
  }

  onReadComplete(): void {
    if (!this.#isOver) this.#downstream.flush();
  }

  onWritabilityChanged(isWritable: boolean): void {
    if (this.#isOver) return;
    this.#touch();
    this.#pauseClient(!isWritable);
  }

  onFailed(cause: unknown): void {
    if (!this.#isOver && this.#isOpen)
      this.#fail(originError(responseFailure(cause), cause).withinResponse());
  }

  onClosed(): void {
    if (!this.#isOver && this.#isOpen) this.#close();
  }

  #connect(server: OriginServer): void {
    const { resources } = this.#origin;
    const { context } = this.#request;
    resources.requests++;
    resources.connections++;
    this.#server = server;
    server.stats.requestStarted();
    context.upstreamHost = server.name;
    context.upstreamAttempts++;
    context.passport?.add('ORIGIN_CH_CONNECTING');
    const connecting = this.#origin.connectBare(server, new TunnelHandler(this));
    this.#channel = connecting.channel;
    connecting.addListener(({ isSuccess, cause }) => {
      if (this.#isOver) return;
      const circuit = this.#origin.poolOf(server)?.circuit;
      if (isSuccess) {
        circuit?.connected();
        this.#connected();
        return;
      }
      const error = originError(connectFailure(cause), cause);
      circuit?.failed(error);
      this.#connectFailed(error);
    });
  }

  #connected(): void {
    const { context } = this.#request;
    context.passport?.add('ORIGIN_CH_CONNECTED');
    context.setStatusCategory(StatusCategory.SUCCESS);
    context.responseCodeDetails = 'via_upstream';
    context.upstreamFirstByteMs = context.channel.clock.now() - context.startedAt;
    this.#isOpen = true;
    this.#retries.succeeded();
    this.#touch();
    this.#watch(this.#idleTimeoutMs);
    const response = new HttpResponse({ status: 200, framing: 'none', acceptsConnect: true });
    this.#downstream.respond(new HttpResponseMessage(response, context));
    if (!this.#isOver) this.#downstream.flush();
  }

  #connectFailed(error: OriginError): void {
    const server = this.#server;
    this.#release(error);
    const cause = causeOf(error.failure);
    const waitMs = cause && this.#retries.next(cause, REPEATABLE, server, undefined);
    if (waitMs === undefined) {
      const { refusal } = this.#retries;
      if (refusal !== undefined) this.#request.context.addResponseFlag(refusal);
      this.#fail(error);
      return;
    }
    this.#request.context.passport?.add('ORIGIN_RETRY_START');
    this.#retries.start(waitMs, () => {
      if (!this.#isOver) this.start();
    });
  }

  #fail(error: OriginError): void {
    this.#finish();
    this.#downstream.fail(error);
  }

  #close(): void {
    this.#finish();
    this.#downstream.endTunnel();
  }

  #finish(): void {
    this.#pauseClient(false);
    this.#isOver = true;
    this.#timer?.cancel();
    this.#retries.finished();
    this.#channel?.close();
    this.#release(undefined);
  }

  /** What the try has taken is given back, and the server's figures hear how it ended. */
  #release(error: OriginError | undefined): void {
    this.#channel = undefined;
    if (this.#server === undefined) return;
    this.#origin.resources.requests--;
    this.#origin.resources.connections--;
    this.#server.stats.requestEnded(this.#isOpen ? 200 : outcomeOf(error));
    this.#server = undefined;
  }

  #pauseClient(isPaused: boolean): void {
    if (this.#isClientPaused === isPaused) return;
    this.#isClientPaused = isPaused;
    if (isPaused) this.#downstream.pauseReads();
    else this.#downstream.resumeReads();
  }

  #pauseServer(isPaused: boolean): void {
    const channel = this.#channel;
    if (this.#isServerPaused === isPaused || channel === undefined) return;
    this.#isServerPaused = isPaused;
    if (isPaused) channel.pauseReads();
    else channel.resumeReads();
  }

  #touch(): void {
    this.#lastActivity = this.#origin.resources.eventLoop.clock.turnNow();
  }

  // Set anew only when it runs out: bytes cost no timer.
  #watch(delayMs: number): void {
    const { eventLoop } = this.#origin.resources;
    this.#timer = eventLoop.schedule(delayMs, () => {
      const leftMs = this.#lastActivity + this.#idleTimeoutMs - eventLoop.clock.now();
      if (leftMs > 0) this.#watch(leftMs);
      else this.#close();
    });
  }
}
