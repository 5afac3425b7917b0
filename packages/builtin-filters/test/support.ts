import {
  HttpContent,
  HttpHeaders,
  HttpRequest,
  HttpResponse,
  HttpServerCodec,
  LastHttpContent,
} from '@sluice/codec-http';
import type { HttpResponseInit } from '@sluice/codec-http';
import { EmbeddedChannel, silentLogger } from '@sluice/core';
import {
  ClientRequestReceiver,
  ClientResponseWriter,
  Filter,
  FilterRegistry,
  HttpRequestMessage,
  HttpResponseMessage,
  resolveFilters,
  SessionContext,
  ZuulFilterChainHandler,
  ZuulFilterChainOptions,
} from '@sluice/filters';
import type {
  Downstream,
  EndpointClass,
  FilterClass,
  InboundFilter,
  OutboundFilter,
  StreamingEndpoint,
  Upstream,
} from '@sluice/filters';
import { SOURCE_ADDRESS } from '@sluice/handler-connection';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { Container } from 'inversify';
import type { ServiceIdentifier } from 'inversify';

/** What takes the place of a class in the container. */
export type Binding = readonly [token: ServiceIdentifier, value: unknown];

export interface ClientSettings {
  readonly filters: readonly FilterClass[];
  /** Default: {@link Origin}. */
  readonly endpoint?: EndpointClass;
  readonly bindings?: readonly Binding[];
  /** Default: 192.0.2.1. */
  readonly address?: string | undefined;
}

/** A client of a server pipeline with everything between the socket and the filters. */
export class Client {
  readonly channel: EmbeddedChannel;
  /** For another client of the same gateway. */
  readonly bindings: readonly Binding[];
  readonly #received: Buffer[] = [];

  constructor({ filters, endpoint, bindings = [], address = '192.0.2.1' }: ClientSettings) {
    this.bindings = bindings;
    const container = new Container({ autobind: true });
    for (const [token, value] of bindings) container.bind(token).toConstantValue(value);
    const set = resolveFilters(container, filters, { defaultEndpoint: endpoint ?? recorder().endpoint });
    this.channel = new EmbeddedChannel({
      logger: silentLogger,
      handlers: [
        new HttpServerCodec(),
        new HttpServerLifecycleChannelHandler(),
        new ClientRequestReceiver(),
        new ZuulFilterChainHandler(new FilterRegistry(set), new ZuulFilterChainOptions()),
        new ClientResponseWriter(),
      ],
    });
    this.channel.attr(SOURCE_ADDRESS).set(address === '' ? undefined : address);
  }

  /** Sends text and returns what has come back since it was asked last. */
  send(text: string): string {
    if (this.channel.isOpen) this.channel.writeInbound(Buffer.from(text, 'latin1'));
    return this.received();
  }

  /** As {@link send}, and waits for work on other threads until a response is there. */
  async ask(text: string): Promise<string> {
    let received = this.send(text);
    while (received === '') {
      await nextTurn();
      this.channel.runPendingTasks();
      received = this.received();
    }
    return received;
  }

  /** What has come, once it ends with this text. */
  async until(end: string): Promise<Buffer> {
    let received = this.receivedBytes();
    while (!received.subarray(-end.length).equals(Buffer.from(end))) {
      await nextTurn();
      this.channel.runPendingTasks();
      received = Buffer.concat([received, this.receivedBytes()]);
    }
    return received;
  }

  get(path = '/', ...fields: readonly string[]): string {
    return this.send(request('GET', path, fields));
  }

  received(): string {
    return this.receivedBytes().toString('latin1');
  }

  receivedBytes(): Buffer {
    for (let bytes = this.channel.readOutbound<Buffer>(); bytes; bytes = this.channel.readOutbound<Buffer>())
      this.#received.push(bytes);
    return Buffer.concat(this.#received.splice(0));
  }

  /** The transport loses the connection. */
  leave(): void {
    this.channel.unsafe.close(this.channel.newPromise());
    this.channel.runPendingTasks();
  }
}

/** A request without a body. */
export function request(method: string, path: string, fields: readonly string[] = []): string {
  return `${[`${method} ${path} HTTP/1.1`, 'host: a.example', ...fields].join('\r\n')}\r\n\r\n`;
}

/** A field's value in a response; undefined when it is not there. */
export function field(response: string, name: string): string | undefined {
  return fieldsOf(response, name)[0];
}

export function fieldsOf(response: string, name: string): readonly string[] {
  const head = response.slice(0, response.indexOf('\r\n\r\n'));
  const start = `${name}: `;
  return head
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(start))
    .map((line) => line.slice(start.length));
}

export function statusOf(response: string): number {
  return Number(response.slice(9, 12));
}

/** One request that has come to the origin, which the test plays. */
export class OriginSide implements Upstream {
  readonly request: HttpRequestMessage;
  readonly downstream: Downstream;
  readonly pieces: string[] = [];
  readonly ends: boolean[] = [];
  isComplete = false;
  readonly #onWhole: (side: OriginSide) => void;

  constructor(request: HttpRequestMessage, downstream: Downstream, onWhole: (side: OriginSide) => void) {
    this.request = request;
    this.downstream = downstream;
    this.#onWhole = onWhole;
  }

  respond(init: Partial<HttpResponseInit>, fields: readonly (readonly [string, string])[] = []): void {
    const response = new HttpResponse({ status: 200, headers: HttpHeaders.of(fields), ...init });
    this.downstream.respond(new HttpResponseMessage(response, this.request.context));
  }

  body(data: string | Buffer): void {
    this.downstream.content(new HttpContent(Buffer.from(data)));
    this.downstream.flush();
  }

  last(data: string | Buffer = ''): void {
    this.downstream.content(new LastHttpContent(Buffer.from(data)));
  }

  content(piece: HttpContent): void {
    if (piece.data.length > 0) this.pieces.push(piece.data.toString());
    if (!(piece instanceof LastHttpContent)) return;
    this.isComplete = true;
    this.#onWhole(this);
  }

  tunnel(): void {}

  endTunnel(): void {}

  flush(): void {}

  downstreamWritabilityChanged(): void {}

  end(isComplete: boolean): void {
    this.ends.push(isComplete);
  }
}

export interface Recorder {
  readonly endpoint: EndpointClass;
  readonly sides: readonly OriginSide[];
}

/** Answers at once. */
export function answerFine(side: OriginSide): void {
  side.respond({ contentLength: 4 });
  side.last('fine');
}

/** A class of endpoints that keeps what comes to it; without `onOpen` it answers `fine` at once. */
export function recorder(onOpen = answerFine, onWhole: (side: OriginSide) => void = () => {}): Recorder {
  const sides: OriginSide[] = [];
  const Recording = class implements StreamingEndpoint {
    open(request: HttpRequestMessage, downstream: Downstream): Upstream {
      const side = new OriginSide(request, downstream, onWhole);
      sides.push(side);
      onOpen(side);
      return side;
    }
  };
  Filter({ type: 'endpoint', name: 'recorder' })(Recording);
  return { endpoint: Recording, sides };
}

/** A class of inbound filters with this `apply`. */
export function inbound(apply: InboundFilter['apply']): FilterClass {
  const TestFilter = class {
    apply = apply;
  };
  Filter({ type: 'inbound', name: 'test-inbound' })(TestFilter);
  return TestFilter;
}

/** A class of outbound filters with this `apply`. */
export function outbound(apply: OutboundFilter['apply']): FilterClass {
  const TestFilter = class {
    apply = apply;
  };
  Filter({ type: 'outbound', name: 'test-outbound', alwaysRun: true })(TestFilter);
  return TestFilter;
}

/** A request on a channel of its own, for what needs no chain. */
export function message(target = '/', authority = 'a.example'): HttpRequestMessage {
  const channel = new EmbeddedChannel({ logger: silentLogger, handlers: [] });
  return new HttpRequestMessage(
    new HttpRequest({ method: 'GET', target, authority }),
    new SessionContext(channel, 0),
  );
}

/** Lets other threads be heard. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
