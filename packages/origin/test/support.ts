import type { OriginServer } from '../src/origin-server.ts';
import { HttpClientCodec, HttpContent, HttpHeaders, HttpRequest, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit, HttpResponse } from '@sluice/codec-http';
import { EmbeddedChannel, EmbeddedEventLoop, silentLogger, VirtualClock } from '@sluice/core';
import type {
  ChannelFuture,
  ChannelHandler,
  ChannelOutboundBuffer,
  ChannelPromise,
  SocketAddress,
} from '@sluice/core';
import { HttpRequestMessage, SessionContext } from '@sluice/filters';
import type { Downstream, HttpResponseMessage } from '@sluice/filters';
import {
  checkUpstreamPolicy,
  ConnectionPoolHandler,
  Origin,
  OriginConnector,
  OriginManager,
  OriginResponseReceiver,
  ProxyEndpoint,
  UPSTREAM_POLICY,
} from '../src/index.ts';
import type { OriginOptions, PoolCallbacks, PooledConnection, UpstreamPolicyInput } from '../src/index.ts';
import type { ConnectionBorrower } from '../src/pool/pooled-connection.ts';

export const ADDRESS: SocketAddress = { host: '10.0.0.1', port: 80 };
export const CLIENT: SocketAddress = { host: '192.0.2.1', port: 5000 };

/** A connection to a server that takes bytes as the test says. */
export class OriginChannel extends EmbeddedChannel {
  /** Whether the server reads no more. */
  isStalled = false;
  /** Whether flushes wait for `endTurn`, as in a crowd. */
  putsFlushesOff = false;

  override defersFlush(): boolean {
    return this.putsFlushesOff;
  }

  override doWrite(buffer: ChannelOutboundBuffer): void {
    if (!this.isStalled) super.doWrite(buffer);
  }

  /** What was put off is sent. */
  endTurn(): void {
    this.unsafe.output.flushDeferred();
  }

  /** The server reads what has waited for it. */
  readOn(): void {
    this.isStalled = false;
    this.unsafe.output.flushNow();
    this.runPendingTasks();
  }
}

/** A connection that was asked for; the test says what becomes of it. */
export class Attempt {
  readonly address: SocketAddress;
  readonly channel: OriginChannel;
  readonly future: ChannelFuture;
  readonly #promise: ChannelPromise;
  readonly #loop: EmbeddedEventLoop;

  constructor(
    address: SocketAddress,
    loop: EmbeddedEventLoop,
    handlers: readonly ChannelHandler[] = originHandlers(),
  ) {
    this.address = address;
    this.#loop = loop;
    const clock = loop.clock as VirtualClock;
    this.channel = new OriginChannel({ handlers, register: false, logger: silentLogger, clock });
    this.#promise = this.channel.newPromise();
    this.future = this.#promise;
    this.channel.closeFuture.addListener(() => this.#promise.tryFailure(new Error('closed')));
  }

  succeed(): OriginChannel {
    this.channel.register(this.#loop);
    this.#promise.setSuccess();
    return this.channel;
  }

  fail(code: string): void {
    this.#promise.setFailure(Object.assign(new Error(code), { code }));
  }
}

/** Connects embedded channels, all on one event loop that the test turns. */
export class EmbeddedConnector extends OriginConnector {
  readonly clock: VirtualClock;
  readonly loop: EmbeddedEventLoop;
  readonly attempts: Attempt[] = [];
  handlers: typeof originHandlers = originHandlers;

  constructor(loop: EmbeddedEventLoop) {
    super(loop, { assemble: () => {} }, silentLogger);
    this.loop = loop;
    this.clock = loop.clock as VirtualClock;
  }

  override connect({ address }: OriginServer): ChannelFuture {
    const attempt = new Attempt(address, this.loop, this.handlers());
    this.attempts.push(attempt);
    return attempt.future;
  }

  override connectBare(
    { address }: OriginServer,
    _timeoutMs: number,
    handler: ChannelHandler,
  ): ChannelFuture {
    const attempt = new Attempt(address, this.loop, [handler]);
    this.attempts.push(attempt);
    return attempt.future;
  }

  /** The attempt of this number, from 0. */
  attempt(at: number): Attempt {
    const attempt = this.attempts[at];
    if (attempt === undefined) throw new Error(`${at} connections were asked for, not ${at + 1}.`);
    return attempt;
  }

  /** Lets every task run that waits for this turn of the loop or the next. */
  turn(): void {
    this.loop.runTasks();
  }
}

export function embeddedConnector(): EmbeddedConnector {
  return new EmbeddedConnector(new EmbeddedEventLoop(new VirtualClock(), silentLogger));
}

export function originHandlers(): (HttpClientCodec | OriginResponseReceiver | ConnectionPoolHandler)[] {
  return [new HttpClientCodec(), new OriginResponseReceiver(), new ConnectionPoolHandler()];
}

/** A request for a connection, and what came of it. */
export class Asker implements PoolCallbacks {
  readonly outcomes: unknown[] = [];
  connection: PooledConnection | undefined = undefined;
  error: { status?: number; reason?: string } | undefined = undefined;
  onFailure: () => void = () => {};

  onPoolReady(connection: PooledConnection): void {
    this.outcomes.push(connection);
    this.connection = connection;
  }

  onPoolFailure(error: unknown): void {
    this.outcomes.push(error);
    this.error = error as { status?: number };
    this.onFailure();
  }
}

/** Has a connection, and takes whatever comes. */
export class Borrower implements ConnectionBorrower {
  onResponse(): void {}
  onContent(): void {}
  onTunnel(): void {}
  onReadComplete(): void {}
  onWritabilityChanged(): void {}
  onReset(): void {}
  onSilence(): void {}

  silenceLimitMs({ responseTimeoutMs }: OriginOptions): number {
    return responseTimeoutMs;
  }
}

/** The client's side of a request: notes what it is told, and is as writable as the test says. */
export class Client implements Downstream {
  isRequestComplete = true;
  isWritable = true;
  pauses = 0;
  takes = 0;
  response: HttpResponseMessage | undefined = undefined;
  error: { status?: number; reason?: string; category?: string } | undefined = undefined;
  readonly interim: number[] = [];
  body = '';
  isComplete = false;
  isTunnelEnded = false;

  inform(response: HttpResponse): void {
    this.interim.push(response.status);
  }

  respond(response: HttpResponseMessage): void {
    this.response = response;
  }

  content(chunk: HttpContent): void {
    this.body += chunk.data.toString('latin1');
    this.isComplete = chunk instanceof LastHttpContent;
  }

  tunnel(bytes: Buffer): void {
    this.body += bytes.toString('latin1');
  }

  endTunnel(): void {
    this.isTunnelEnded = true;
  }

  flush(): void {}

  fail(error: unknown): void {
    this.error = error as { status?: number };
  }

  pauseReads(): void {
    this.pauses++;
  }

  resumeReads(): void {
    this.pauses--;
  }

  requestTaken(): void {
    this.takes++;
  }
}

export function requestOf(init: Partial<HttpRequestInit> = {}, remote = CLIENT): HttpRequestMessage {
  const channel = new EmbeddedChannel({ remoteAddress: remote, handlers: [], logger: silentLogger });
  const head = new HttpRequest({ method: 'GET', target: '/a', authority: 'example.test', ...init });
  return new HttpRequestMessage(head, new SessionContext(channel, 0));
}

export function fieldsOf(headers: HttpHeaders): string[] {
  return Array.from(headers, ([name, value]) => `${name}: ${value}`);
}

export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** What has been sent on a connection since the last time. */
export function sent(channel: EmbeddedChannel): string {
  let text = '';
  for (let next = channel.readOutbound<Buffer>(); next; next = channel.readOutbound<Buffer>()) {
    text += next.toString('latin1');
  }
  return text;
}

export interface ProxySetup {
  /** How many servers the origin has. Default: 1. */
  readonly servers?: number;
  /** In place of them. */
  readonly addresses?: readonly SocketAddress[];
  readonly policy?: UpstreamPolicyInput;
}

/** An origin, the endpoint in front of it, and its embedded connections. */
export function proxyTo(
  options: Partial<OriginOptions> = {},
  { servers = 1, addresses = ipAddresses(servers), policy }: ProxySetup = {},
) {
  const connector = embeddedConnector();
  const origins = new OriginManager(
    [{ name: 'origin', servers: addresses, options }],
    connector,
    connector.loop,
    { logger: silentLogger },
  );
  const origin = origins.getOrigin('origin');
  if (origin === undefined) throw new Error('There is no origin.');
  const endpoint = new ProxyEndpoint(origins);
  const checked = policy && checkUpstreamPolicy(policy);
  const open = (init: Partial<HttpRequestInit> = {}) => {
    const request = requestOf(init);
    request.context.origin = 'origin';
    request.context.set(UPSTREAM_POLICY, checked);
    const client = new Client();
    const upstream = endpoint.open(request, client);
    return { client, upstream, request };
  };
  return { connector, origin, open, metrics: origin.resources.metrics };
}

function ipAddresses(count: number): readonly SocketAddress[] {
  return Array.from({ length: count }, (_, at) => ({ host: `10.0.0.${at + 1}`, port: 80 }));
}

/** What must be left of no request, once its connections are closed: 0 of each. */
export function leftOf({ origin, connector }: Pick<ReturnType<typeof proxyTo>, 'origin' | 'connector'>) {
  origin.close();
  connector.turn();
  const { connections, pending, requests, retries } = origin.resources;
  return { connections, pending, requests, retries, timers: connector.clock.pendingTimers };
}

export const NOTHING_LEFT = { connections: 0, pending: 0, requests: 0, retries: 0, timers: 0 };

export function originOf(connector: EmbeddedConnector, servers: readonly SocketAddress[]): Origin {
  return new Origin({ name: 'origin', servers }, connector, connector.loop, { random: () => 0 });
}
