import { HttpContent, HttpResponse, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel, silentLogger } from '@sluice/core';
import type { ChannelHandlerContext, Transparent } from '@sluice/core';
import { MaxInboundConnectionsHandler } from '@sluice/handler-connection';
import { CompleteEvent, HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { CURRENT_PASSPORT, PASSPORT_OPTIONS } from '@sluice/passport';
import type { Passport } from '@sluice/passport';
import { describe, expect, it } from 'vitest';
import {
  PassportStateHttpClientHandler,
  PassportStateHttpServerHandler,
  PassportStateServerHandler,
} from '@sluice/handler-passport';

const GET = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';

describe('the passport of a request', () => {
  it('shows a GET, from the connection to the last byte of the response', () => {
    const { channel, passports } = server();
    receive(channel, GET);
    answer(channel);

    expect(passports.map(statesOf)).toEqual([
      [
        'SERVER_CH_ACTIVE',
        'IN_REQ_HEADERS_RECEIVED',
        'IN_REQ_LAST_CONTENT_RECEIVED',
        'OUT_RESP_HEADERS_SENDING',
        'OUT_RESP_LAST_CONTENT_SENDING',
        'OUT_RESP_HEADERS_SENT',
        'OUT_RESP_LAST_CONTENT_SENT',
      ],
    ]);
    expect(channel.attr(CURRENT_PASSPORT).get()).toBeUndefined();
  });

  it('is a fresh one for the second request on a connection', () => {
    const { channel, passports } = server();
    receive(channel, GET);
    answer(channel);
    receive(channel, GET);
    answer(channel);

    expect(passports).toHaveLength(2);
    expect(statesOf(passports[1])).toEqual([
      'IN_REQ_HEADERS_RECEIVED',
      'IN_REQ_LAST_CONTENT_RECEIVED',
      'OUT_RESP_HEADERS_SENDING',
      'OUT_RESP_LAST_CONTENT_SENDING',
      'OUT_RESP_HEADERS_SENT',
      'OUT_RESP_LAST_CONTENT_SENT',
    ]);
  });

  it('shows a POST whose body comes in pieces, without a state for each piece', () => {
    const { channel, passports } = server();
    receive(channel, 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab');
    receive(channel, 'cd');
    answer(channel);

    expect(statesOf(passports[0]).slice(0, 3)).toEqual([
      'SERVER_CH_ACTIVE',
      'IN_REQ_HEADERS_RECEIVED',
      'IN_REQ_LAST_CONTENT_RECEIVED',
    ]);
  });

  it('shows the pieces of both bodies where that is asked for', () => {
    const { channel, passports } = server({ contentStates: true });
    receive(channel, 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\na');
    receive(channel, 'b');
    receive(channel, 'cd');
    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 2 }));
    channel.writeOutbound(new HttpContent(Buffer.from('ok')));
    channel.writeOutbound(LastHttpContent.EMPTY);

    expect(statesOf(passports[0])).toEqual([
      'SERVER_CH_ACTIVE',
      'IN_REQ_HEADERS_RECEIVED',
      'IN_REQ_CONTENT_RECEIVED',
      'IN_REQ_CONTENT_RECEIVED',
      'IN_REQ_LAST_CONTENT_RECEIVED',
      'OUT_RESP_HEADERS_SENDING',
      'OUT_RESP_HEADERS_SENT',
      'OUT_RESP_CONTENT_SENDING',
      'OUT_RESP_CONTENT_SENT',
      'OUT_RESP_LAST_CONTENT_SENDING',
      'OUT_RESP_LAST_CONTENT_SENT',
    ]);
  });

  it('ends with the connection when the client goes before it is answered', () => {
    const { channel, passports } = server();
    receive(channel, 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab');
    cutOff(channel);

    expect(passports.map(statesOf)).toEqual([
      ['SERVER_CH_ACTIVE', 'IN_REQ_HEADERS_RECEIVED', 'SERVER_CH_INACTIVE'],
    ]);
  });

  it('shows once that the gateway closed the connection with the request under way', () => {
    const { channel, passports } = server();
    receive(channel, GET);
    channel.close();

    expect(passports.map(statesOf)).toEqual([
      ['SERVER_CH_ACTIVE', 'IN_REQ_HEADERS_RECEIVED', 'IN_REQ_LAST_CONTENT_RECEIVED', 'SERVER_CH_CLOSE'],
    ]);
  });

  it('shows which of the writes failed, each once', () => {
    const { channel, passports } = server();
    receive(channel, GET);
    channel.write(new HttpResponse({ status: 200 }));
    channel.write(new HttpContent(Buffer.from('a')));
    channel.write(new HttpContent(Buffer.from('b')));
    channel.close();

    expect(statesOf(passports[0]).filter((state) => state.startsWith('OUT_RESP'))).toEqual([
      'OUT_RESP_HEADERS_SENDING',
      'OUT_RESP_HEADERS_ERROR_SENDING',
      'OUT_RESP_CONTENT_ERROR_SENDING',
    ]);
  });

  it('shows the idle time of a connection without a request', () => {
    const { channel } = server();
    const passport = channel.attr(CURRENT_PASSPORT).get();
    channel.clock.advance(1_000);

    expect(channel.isOpen).toBe(false);
    expect(statesOf(passport)).toEqual(['SERVER_CH_ACTIVE', 'SERVER_CH_IDLE_TIMEOUT', 'SERVER_CH_INACTIVE']);
  });

  it('shows the idle time of a request that nobody answers', () => {
    const { channel, passports } = server();
    receive(channel, GET);
    channel.clock.advance(1_000);

    expect(passports.map(statesOf)).toEqual([
      [
        'SERVER_CH_ACTIVE',
        'IN_REQ_HEADERS_RECEIVED',
        'IN_REQ_LAST_CONTENT_RECEIVED',
        'SERVER_CH_IDLE_TIMEOUT',
        'SERVER_CH_INACTIVE',
      ],
    ]);
  });

  it('shows that a connection was one too many', () => {
    const limit = new MaxInboundConnectionsHandler({ maxTotalConnections: 1 });
    const first = server({ limit });
    const second = server({ limit });

    expect(first.channel.isActive).toBe(true);
    expect(statesOf(second.channel.attr(CURRENT_PASSPORT).get())).toEqual([
      'SERVER_CH_ACTIVE',
      'SERVER_CH_THROTTLING',
      'SERVER_CH_CLOSE',
      'SERVER_CH_INACTIVE',
    ]);
    first.channel.close();
  });

  it('shows that the gateway disconnected', () => {
    const channel = new EmbeddedChannel({
      hasDisconnect: true,
      handlers: [new PassportStateServerHandler()],
    });
    channel.disconnect();

    expect(statesOf(channel.attr(CURRENT_PASSPORT).get())).toEqual([
      'SERVER_CH_ACTIVE',
      'SERVER_CH_DISCONNECT',
    ]);
  });

  it('has nothing of bytes that are no HTTP, which pass', () => {
    const channel = new EmbeddedChannel(
      new PassportStateHttpServerHandler(),
      new PassportStateHttpClientHandler(),
    );
    channel.writeInbound('in');
    channel.writeOutbound('out');

    expect([channel.readInbound(), channel.readOutbound()]).toEqual(['in', 'out']);
    expect(channel.attr(CURRENT_PASSPORT).get()).toBeUndefined();
  });

  it('shows an error of the connection and passes it on', () => {
    const { channel } = server();
    const passport = channel.attr(CURRENT_PASSPORT).get();
    channel.pipeline.fireExceptionCaught(new Error('reset by peer'));

    expect(statesOf(passport)).toEqual(['SERVER_CH_ACTIVE', 'SERVER_CH_EXCEPTION']);
    expect(() => channel.checkException()).toThrow('reset by peer');
  });
});

interface ServerOptions {
  readonly contentStates?: boolean;
  readonly limit?: MaxInboundConnectionsHandler;
}

function server({ contentStates = false, limit = new MaxInboundConnectionsHandler() }: ServerOptions = {}): {
  channel: EmbeddedChannel;
  passports: Passport[];
} {
  const passports: Passport[] = [];
  const channel = new EmbeddedChannel({
    register: false,
    logger: silentLogger,
    handlers: [
      new IdleStateHandler({ allIdleMs: 1_000 }),
      new CloseOnIdleStateHandler(),
      new PassportStateServerHandler(),
      limit,
      new HttpServerCodec(),
      new PassportStateHttpServerHandler(),
      new HttpServerLifecycleChannelHandler(),
      new PassportCollector(passports),
    ],
  });
  channel.attr(PASSPORT_OPTIONS).set({ contentStates });
  channel.register();
  return { channel, passports };
}

/** Keeps the passports of complete requests, which leave the channel. */
class PassportCollector {
  readonly #passports: Passport[];

  constructor(passports: Passport[]) {
    this.#passports = passports;
  }

  userEventTriggered(ctx: ChannelHandlerContext<Transparent>, event: object): void {
    const passport = ctx.channel.attr(CURRENT_PASSPORT).get();
    if (event instanceof CompleteEvent && passport !== undefined) this.#passports.push(passport);
    ctx.fireUserEventTriggered(event);
  }
}

function receive(channel: EmbeddedChannel, text: string): void {
  channel.writeInbound(Buffer.from(text, 'latin1'));
}

function answer(channel: EmbeddedChannel): void {
  channel.writeOutbound(new HttpResponse({ status: 204, framing: 'none' }), LastHttpContent.EMPTY);
}

/** The transport itself ends, without a close that goes through the handlers. */
function cutOff(channel: EmbeddedChannel): void {
  channel.unsafe.close(channel.newPromise());
  channel.runPendingTasks();
}

function statesOf(passport: Passport | undefined): string[] {
  return passport?.items().map(({ state }) => state) ?? [];
}
