import { HttpHeaders, HttpRequest, HttpResponse, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit, HttpResponseInit } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import type {
  ChannelFuture,
  ChannelHandler,
  ChannelHandlerContext,
  ChannelInboundHandler,
  ChannelOutboundBuffer,
  ChannelPromise,
} from '@sluice/core';
import { CompleteEvent, RequestRejectedEvent, StartEvent } from '@sluice/handler-http';

export const GET = Buffer.from('GET /a HTTP/1.1\r\nhost: o.test\r\n\r\n');
export const POST_HEAD = Buffer.from('POST /p HTTP/1.1\r\nhost: o.test\r\ncontent-length: 100000\r\n\r\n');
/** The same, of a client that waits for a 100. */
export const EXPECTING_HEAD = Buffer.from(
  'POST /p HTTP/1.1\r\nhost: o.test\r\nexpect: 100-continue\r\ncontent-length: 100000\r\n\r\n',
);
export const CONTINUE = new HttpResponse({ status: 100, framing: 'none' });

/** A class of events, whoever may construct it. */
interface EventClass<T> {
  readonly prototype: T;
  [Symbol.hasInstance](value: unknown): boolean;
}

/** Keeps the events that pass, all or those of one class. */
export class Events implements ChannelInboundHandler {
  readonly all: object[] = [];

  userEventTriggered(ctx: ChannelHandlerContext, event: object): void {
    this.all.push(event);
    ctx.fireUserEventTriggered(event);
  }

  of<T extends object>(type: EventClass<T>): T[] {
    return this.all.filter((event): event is T => event instanceof type);
  }

  /** The lifecycle in short, as in `start /a, SESSION_COMPLETE /a`. */
  get lifecycle(): string {
    return this.all.flatMap(inShort).join(', ');
  }
}

/** A channel whose bytes leave only while the peer takes them. */
export class SlowChannel extends EmbeddedChannel {
  isBlocked = false;
  hasReset = false;

  override reset(promise?: ChannelPromise): ChannelFuture {
    this.hasReset = true;
    return super.reset(promise);
  }

  override doWrite(buffer: ChannelOutboundBuffer): void {
    if (!this.isBlocked) super.doWrite(buffer);
  }

  unblock(): void {
    this.isBlocked = false;
    this.unsafe.output.flush();
    this.runPendingTasks();
  }
}

/** Answers each request as soon as all of it was received. */
export class Answering implements ChannelHandler {
  readonly seen: string[] = [];

  channelRead(ctx: ChannelHandlerContext, message: unknown): void {
    if (message instanceof HttpRequest) this.seen.push(message.target);
    if (message instanceof LastHttpContent) respond(ctx.channel);
  }
}

export function serverChannel(...handlers: ChannelHandler[]): EmbeddedChannel {
  return new EmbeddedChannel(new HttpServerCodec(), ...handlers);
}

/** Writes a response with a body of two bytes, and flushes. */
export function respond(
  output: { write(message: unknown): void; writeAndFlush(message: unknown): void },
  init: Partial<HttpResponseInit> = {},
): void {
  output.write(response({ contentLength: 2, ...init }));
  output.writeAndFlush(new LastHttpContent(Buffer.from('ok')));
}

/** As {@link respond}, from outside of the pipeline: what the end of the response leads to has happened when it returns. */
export function answer(channel: EmbeddedChannel, init: Partial<HttpResponseInit> = {}): void {
  respond(channel, init);
  channel.runPendingTasks();
}

export function response(init: Partial<HttpResponseInit> = {}): HttpResponse {
  return new HttpResponse({ status: 200, ...init });
}

export function request(init: Partial<HttpRequestInit> = {}): HttpRequest {
  return new HttpRequest({ method: 'GET', target: '/', authority: 'o.test', ...init });
}

export function fields(entries: readonly (readonly [string, string])[]): HttpHeaders {
  return HttpHeaders.of(entries);
}

/** All bytes that have left, as text. */
export function sent(channel: EmbeddedChannel): string {
  const pieces = channel.outboundMessages().filter(Buffer.isBuffer);
  channel.releaseOutbound();
  return Buffer.concat(pieces).toString('latin1');
}

/** The status lines among the bytes that have left. */
export function statuses(channel: EmbeddedChannel): string[] {
  return sent(channel).match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [];
}

function inShort(event: object): string[] {
  if (event instanceof StartEvent) return [`start ${event.request.target}`];
  if (event instanceof CompleteEvent) return [`${event.reason} ${event.request.target}`];
  if (event instanceof RequestRejectedEvent) return [`rejected ${event.status} ${event.reason}`];
  return [];
}
