import { HttpContent, HttpRequest, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import { ChannelInputShutdownEvent, silentLogger } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import { Filter, FilterRegistry, HttpResponseMessage, resolveFilters } from '@sluice/filters';
import type { HttpRequestMessage, ResponseEndpoint, SessionContext } from '@sluice/filters';
import { LOGGER } from '@sluice/gateway';
import { AccessLog, tabFormat } from '@sluice/handler-access-log';
import {
  ConnectionCloseEvent,
  Http1ConnectionCloseOptions,
  Http1ConnectionExpiryOptions,
  HttpRequestDeadlineOptions,
  LoggingOptions,
  ServerStatusHeaderOptions,
} from '@sluice/handler-http';
import { IdleStateEvent, IdleStateOptions } from '@sluice/handler-idle-state';
import { ElbProxyProtocolOptions, TrustedPeers } from '@sluice/handler-proxy-protocol';
import type { HandlerClass } from '@sluice/inject';
import type { ContractStep, HandlerContractOptions } from '@sluice/testing';
import { Container } from 'inversify';
import type { Newable } from 'inversify';

/** What a handler of the reference gateway keeps for itself, and why; the others pass everything on. */
export const CONSUMES: Readonly<Record<string, HandlerContractOptions['consumes']>> = {
  // Bytes come in and messages out, and the other way round.
  HttpServerCodec: ['channelRead', 'write'],
  HttpClientCodec: ['channelRead', 'write'],
  // Whatever comes is a part of a request.
  ZuulFilterChainHandler: ['channelRead'],
  // The ends of the two pipelines.
  ClientResponseWriter: ['channelRead', 'exceptionCaught'],
  OriginResponseReceiver: ['channelRead'],
  ConnectionPoolHandler: ['channelInactive', 'exceptionCaught'],
};

/** A handler of a list, with the whole list before it, made as the gateway makes it. */
export function makeListed(list: readonly HandlerClass[], at: number): () => ChannelHandler {
  return () => make(newContainer(), list[at]);
}

export function madeBefore(list: readonly HandlerClass[], at: number): () => readonly ChannelHandler[] {
  return () => {
    const container = newContainer();
    return list.slice(0, at).map((handler) => make(container, handler));
  };
}

function make(container: Container, handler: HandlerClass | undefined): ChannelHandler {
  if (handler === undefined) throw new Error('There is no such handler in the list.');
  return container.get(handler as Newable<ChannelHandler>);
}

/** Everything that is off by default is on, so that the contract sees it at work. */
function newContainer(): Container {
  const container = new Container({ autobind: true });
  container.bind(LOGGER).toConstantValue(silentLogger);
  container.bind(AccessLog).toConstantValue(new AccessLog(tabFormat(), { write: () => {} }));
  container
    .bind(FilterRegistry)
    .toConstantValue(new FilterRegistry(resolveFilters(container, [], { defaultEndpoint: Answer })));
  container.bind(IdleStateOptions).toConstantValue({
    ...new IdleStateOptions(),
    readerIdleMs: 40_000,
    writerIdleMs: 40_000,
    observeOutput: true,
  });
  container
    .bind(HttpRequestDeadlineOptions)
    .toConstantValue({ ...new HttpRequestDeadlineOptions(), totalMs: 60_000 });
  container
    .bind(LoggingOptions)
    .toConstantValue({ ...new LoggingOptions(), level: 'debug', logger: silentLogger });
  container
    .bind(ServerStatusHeaderOptions)
    .toConstantValue({ ...new ServerStatusHeaderOptions(), status: () => 'UP' });
  const random = (): number => 0.5;
  container
    .bind(Http1ConnectionCloseOptions)
    .toConstantValue({ ...new Http1ConnectionCloseOptions(), random });
  container
    .bind(Http1ConnectionExpiryOptions)
    .toConstantValue({ ...new Http1ConnectionExpiryOptions(), random });
  return container;
}

@Filter({ type: 'endpoint' })
class Answer implements ResponseEndpoint {
  apply(_request: HttpRequestMessage, context: SessionContext): HttpResponseMessage {
    return HttpResponseMessage.make(context, { status: 200, body: 'ok' });
  }
}

const GET = 'GET /a HTTP/1.1\r\nhost: o.test\r\n\r\n';
const POST = 'POST /p HTTP/1.1\r\nhost: o.test\r\ncontent-length: 4\r\n\r\n';

/** The life of a client's connection: two requests, the second ahead of its turn, and the half-close. */
export const SERVER_STEPS: readonly ContractStep[] = [
  receive(POST),
  receive('ab'),
  receive(`cd${GET}`),
  passTime(100),
  respond(200),
  respond(404),
  fire(() => ConnectionCloseEvent.gracefulDelayed('SHUTDOWN', 5_000)),
  receive(POST),
  passTime(3_000),
  receive('ab'),
  fire(() => IdleStateEvent.FIRST_ALL_IDLE),
  fire(() => ChannelInputShutdownEvent.INSTANCE),
  passTime(20_000),
];

/** The life of a connection to an origin: an answered request, and one that stays unanswered. */
export const ORIGIN_STEPS: readonly ContractStep[] = [
  ask('GET'),
  receive('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab'),
  receive('cd'),
  passTime(1_000),
  ask('HEAD'),
  receive('HTTP/1.1 200 OK\r\n'),
  fire(() => ChannelInputShutdownEvent.INSTANCE),
  receive('content-length: 4\r\n\r\n'),
];

/** Inputs for the handlers that read bytes. */
export const BYTES: Readonly<Record<string, readonly string[]>> = {
  HttpServerCodec: [
    GET + POST,
    'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n0\r\nx-end: 1\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nx: \u0001\r\n\r\n',
    'GET /chat HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nearly',
  ],
  HttpClientCodec: [
    'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nx: \u0001\r\n\r\n',
  ],
};

/** The request that the responses of {@link BYTES} answer. */
export const prepareOrigin: ContractStep = ask('GET');

export const PROXY_BYTES: readonly string[] = [
  'PROXY TCP4 192.0.2.1 192.0.2.2 5000 80\r\nGET / HTTP/1.1\r\n\r\n',
  'PROXY UNKNOWN\r\nrest',
  '\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x13\x88\x00\x50rest',
];

export function requiredProxyProtocol(): ElbProxyProtocolOptions {
  return {
    ...new ElbProxyProtocolOptions(),
    mode: 'required',
    trustedPeers: new TrustedPeers(['unix', '0.0.0.0/0']),
  };
}

function receive(text: string): ContractStep {
  return ({ pipeline }) => {
    pipeline.fireChannelRead(Buffer.from(text, 'latin1'));
    pipeline.fireChannelReadComplete();
  };
}

function respond(status: number): ContractStep {
  return (channel) => {
    channel.write(new HttpResponse({ status, contentLength: 2 }), channel.newPromise());
    channel.write(new HttpContent(Buffer.from('o')), channel.newPromise());
    channel.writeAndFlush(new LastHttpContent(Buffer.from('k')), channel.newPromise());
  };
}

function ask(method: string): ContractStep {
  return (channel) => {
    channel.write(new HttpRequest({ method, target: '/', authority: 'o.test' }), channel.newPromise());
    channel.writeAndFlush(LastHttpContent.EMPTY, channel.newPromise());
  };
}

function fire(event: () => object): ContractStep {
  return ({ pipeline }) => void pipeline.fireUserEventTriggered(event());
}

function passTime(ms: number): ContractStep {
  return ({ clock }) => clock.advance(ms);
}
