import { HttpContent, HttpHeaders, HttpResponse, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import type { HttpResponseInit } from '@sluice/codec-http';
import { EmbeddedChannel, silentLogger } from '@sluice/core';
import type { ChannelHandler, Logger } from '@sluice/core';
import {
  ClientRequestReceiver,
  ClientResponseWriter,
  Filter,
  FilterRegistry,
  HttpResponseMessage,
  resolveFilters,
  ZuulFilterChainHandler,
  ZuulFilterChainOptions,
} from '@sluice/filters';
import type {
  ClientRequestReceiverOptions,
  Downstream,
  EndpointClass,
  FilterClass,
  FilterKind,
  FilterListener,
  FilterOptions,
  HttpRequestMessage,
  InboundFilter,
  OutboundFilter,
  ResponseEndpoint,
  SessionContext,
  StreamingEndpoint,
  Upstream,
} from '@sluice/filters';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { Container } from 'inversify';
import type { Newable } from 'inversify';

// Filters that were made, for their names.
let count = 0;

type Options<Kind extends FilterKind> = Omit<FilterOptions<Kind>, 'type'>;

export interface ClientSettings {
  readonly filters?: readonly FilterClass[];
  readonly endpoint?: EndpointClass;
  readonly errorEndpoint?: EndpointClass;
  readonly options?: Partial<ZuulFilterChainOptions>;
  readonly listener?: FilterListener;
  /** Of another client, whose filters are then this one's. */
  readonly registry?: FilterRegistry;
  readonly logger?: Logger;
  readonly receiver?: Partial<ClientRequestReceiverOptions>;
  /** Handlers of the test's own, just before the one that runs the filters. */
  readonly handlers?: readonly ChannelHandler[];
  /** Handlers of the test's own, at the socket. */
  readonly first?: readonly ChannelHandler[];
  /** Handlers of the test's own, before requests become messages. */
  readonly early?: readonly ChannelHandler[];
}

/** A client of a server pipeline with everything between the socket and the filters. */
export class Client {
  readonly channel: EmbeddedChannel;
  readonly registry: FilterRegistry;
  readonly #received: Buffer[] = [];

  constructor(settings: ClientSettings) {
    const {
      filters = [],
      endpoint,
      errorEndpoint,
      options = {},
      handlers = [],
      first = [],
      early = [],
      listener,
    } = settings;
    const { logger = silentLogger, receiver = {} } = settings;
    const set = resolveFilters(new Container({ autobind: true }), filters, {
      ...(endpoint && { defaultEndpoint: endpoint }),
      ...(errorEndpoint && { errorEndpoint }),
    });
    this.registry = settings.registry ?? new FilterRegistry(set, { listener, logger });
    this.channel = new EmbeddedChannel({
      logger,
      handlers: [
        ...first,
        new HttpServerCodec(),
        new HttpServerLifecycleChannelHandler(),
        ...early,
        new ClientRequestReceiver(receiver),
        ...handlers,
        new ZuulFilterChainHandler(this.registry, { ...new ZuulFilterChainOptions(), ...options }),
        new ClientResponseWriter(),
      ],
    });
    this.channel.config.allowHalfClosure = true;
  }

  /** Sends bytes; returns what has come back since it was asked last. */
  send(...pieces: readonly string[]): string {
    for (const piece of pieces) {
      if (this.channel.isOpen) this.channel.writeInbound(Buffer.from(piece, 'latin1'));
    }
    return this.received();
  }

  /** As {@link send}, and waits for Promises that are settled already. */
  async sendAndSettle(...pieces: readonly string[]): Promise<string> {
    const received = this.send(...pieces);
    await this.settle();
    return received + this.received();
  }

  /** Lets Promises that are settled have their effect. */
  async settle(turns = 10): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      await Promise.resolve();
      this.channel.runPendingTasks();
    }
  }

  /** The transport loses the connection. Timers of handlers stay until these end them. */
  leave(): void {
    this.channel.unsafe.close(this.channel.newPromise());
    this.channel.runPendingTasks();
  }

  /** What has come since it was asked last. */
  received(): string {
    for (
      let bytes = this.channel.readOutbound<Buffer>();
      bytes;
      bytes = this.channel.readOutbound<Buffer>()
    ) {
      this.#received.push(bytes);
    }
    return Buffer.concat(this.#received.splice(0)).toString('latin1');
  }
}

export const GET = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';

/** A request with a body; with less of it than announced when `announced` says so. */
export function post(body: string, announced = body.length): string {
  return `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${announced}\r\n\r\n${body}`;
}

export const CHUNKED_POST = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n';

export function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** A class of inbound filters with these members. */
export function inbound(
  members: Partial<InboundFilter>,
  options: Options<'inbound'> = {},
): Newable<InboundFilter, never[]> {
  return decorated(
    { apply: (message: HttpRequestMessage) => message, ...members },
    { type: 'inbound', ...options },
  );
}

/** A class of outbound filters with these members. */
export function outbound(
  members: Partial<OutboundFilter>,
  options: Options<'outbound'> = {},
): Newable<OutboundFilter, never[]> {
  return decorated(
    { apply: (message: HttpResponseMessage) => message, ...members },
    { type: 'outbound', ...options },
  );
}

/** A class of endpoints that return their response. */
export function endpoint(
  apply: ResponseEndpoint['apply'],
  options: Options<'endpoint'> & Partial<ResponseEndpoint> = {},
): Newable<ResponseEndpoint, never[]> {
  const { needsBodyBuffered, destroy, ...rest } = options;
  const members: ResponseEndpoint = {
    apply,
    ...(needsBodyBuffered && { needsBodyBuffered }),
    ...(destroy && { destroy }),
  };
  return decorated(members, { type: 'endpoint', ...rest });
}

/** A class of endpoints that answer with a text at once. */
export function text(body: string, status = 200): Newable<ResponseEndpoint, never[]> {
  return endpoint((_request, context) => HttpResponseMessage.make(context, { status, body }));
}

/** A class of endpoints that answer with what they have received. */
export function echo(): Newable<ResponseEndpoint, never[]> {
  return endpoint(
    ({ method, body = '', headers }, context) => {
      const seen = [...headers].map(([name, value]) => ` ${name}=${value}`).join('');
      return HttpResponseMessage.make(context, { status: 200, body: `${method}${seen} ${String(body)}` });
    },
    { needsBodyBuffered: () => true },
  );
}

/** One request at the far side of a streaming endpoint, which the test plays. */
export class FarSide implements Upstream {
  readonly request: HttpRequestMessage;
  readonly downstream: Downstream;
  readonly log: string[] = [];
  readonly ends: boolean[] = [];
  isPaused = false;

  constructor(request: HttpRequestMessage, downstream: Downstream) {
    this.request = request;
    this.downstream = downstream;
  }

  get context(): SessionContext {
    return this.request.context;
  }

  respond(init: Partial<HttpResponseInit> = {}): void {
    this.context.responseCodeDetails = 'via_upstream';
    this.downstream.respond(
      new HttpResponseMessage(new HttpResponse({ status: 200, ...init }), this.context),
    );
  }

  body(data: string): void {
    this.downstream.content(new HttpContent(Buffer.from(data)));
    this.downstream.flush();
  }

  last(data = '', trailers: readonly (readonly [string, string])[] = []): void {
    const fields = trailers.length > 0 ? HttpHeaders.of(trailers) : undefined;
    this.downstream.content(new LastHttpContent(Buffer.from(data), fields));
  }

  content(piece: HttpContent): void {
    const trailers = piece instanceof LastHttpContent ? [...piece.trailers].map(String) : [];
    this.log.push(
      [piece.data.toString(), ...trailers, ...(piece instanceof LastHttpContent ? ['end'] : [])].join('|'),
    );
  }

  tunnel(bytes: Buffer): void {
    this.log.push(`tunnel ${bytes.toString()}`);
  }

  endTunnel(): void {
    this.log.push('end of tunnel');
  }

  flush(): void {}

  downstreamWritabilityChanged(isWritable: boolean): void {
    this.isPaused = !isWritable;
  }

  end(isComplete: boolean): void {
    this.ends.push(isComplete);
  }
}

/** A class of streaming endpoints, and the requests that have come to it. `onOpen` acts before `open` returns. */
export function far(onOpen?: (side: FarSide) => void): {
  readonly endpoint: EndpointClass;
  readonly sides: readonly FarSide[];
} {
  const sides: FarSide[] = [];
  const members: StreamingEndpoint = {
    open(request, downstream) {
      const side = new FarSide(request, downstream);
      sides.push(side);
      onOpen?.(side);
      return side;
    },
  };
  return {
    endpoint: decorated(members, { type: 'endpoint' }),
    sides,
  };
}

/** A Promise, and its ends in the hand of the test. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(cause: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (cause: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // A filter that was skipped never looks at it.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

function decorated<F extends object, Kind extends FilterKind>(
  members: F,
  options: FilterOptions<Kind>,
): Newable<F, never[]> {
  const TestFilter = class {
    constructor() {
      Object.assign(this, members);
    }
  };
  // No two filters of a gateway have one name.
  Filter({ name: `TestFilter${++count}`, ...options })(TestFilter as never);
  return TestFilter as unknown as Newable<F, never[]>;
}
