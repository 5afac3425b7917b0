import { HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import type { HttpObject } from '@sluice/codec-http';
import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import {
  HttpHeadersTimeoutEvent,
  HttpHeadersTimeoutHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import type { HttpHeadersTimeoutOptions } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { answer, Answering, Events, GET, POST_HEAD, respond, response, sent, statuses } from './support.ts';

describe('HttpHeadersTimeoutHandler', () => {
  it('closes a new connection that sends nothing, without an answer', () => {
    const { channel, events } = open();
    channel.clock.advance(14_999);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);

    expect(channel.isOpen).toBe(false);
    expect(sent(channel)).toBe('');
    expect(events.all).toEqual([new HttpHeadersTimeoutEvent(false)]);
  });

  it('makes a request that can’t be read of a head that has begun, and takes nothing for its rest', () => {
    const { channel, events, refusing } = open();
    channel.writeInbound(GET.subarray(0, 9));
    channel.clock.advance(15_000);

    expect(events.of(HttpHeadersTimeoutEvent)).toEqual([new HttpHeadersTimeoutEvent(true)]);
    expect(sent(channel)).toMatch(/^HTTP\/1\.1 408 [^]*connection: close\r\n/);
    channel.writeInbound(GET.subarray(9));
    expect(refusing.failures).toEqual(['http1.head_timeout']);
    expect(events.lifecycle).toBe('start /bad-request, SESSION_COMPLETE /bad-request');
  });

  it('counts the first head from the beginning of the connection', () => {
    const { channel } = open();
    channel.clock.advance(14_000);
    channel.writeInbound(GET.subarray(0, 9));
    channel.clock.advance(1_000);

    expect(statuses(channel)).toEqual(['408']);
  });

  it('is not put off by a byte now and then', () => {
    const { channel } = open();
    for (const byte of GET.subarray(0, 14)) {
      channel.writeInbound(Buffer.of(byte));
      channel.clock.advance(1_000);
    }
    expect(statuses(channel)).toEqual([]);
    channel.clock.advance(1_000);

    expect(statuses(channel)).toEqual(['408']);
  });

  it('times every later head from its first byte', () => {
    const { channel } = open();
    for (let count = 0; count < 2; count++) {
      exchange(channel);
      channel.clock.advance(100_000);
      expect(statuses(channel)).toEqual(['200']);
    }
    channel.writeInbound(GET.subarray(0, 1));
    channel.clock.advance(14_999);
    expect(statuses(channel)).toEqual([]);
    channel.clock.advance(1);

    expect(statuses(channel)).toEqual(['408']);
  });

  it('times a head whose beginning came with the request before it', () => {
    const { channel } = open();
    channel.writeInbound(Buffer.concat([GET, GET.subarray(0, 5)]));
    answer(channel);
    channel.clock.advance(15_000);

    expect(statuses(channel)).toEqual(['200', '408']);
  });

  it('does not take a request that was answered at once for the beginning of another', () => {
    const { channel, events } = open({}, new Answering());
    channel.writeInbound(GET);
    channel.clock.advance(100_000);

    expect(statuses(channel)).toEqual(['200']);
    expect(events.of(HttpHeadersTimeoutEvent)).toEqual([]);
  });

  it('times no body and no response, whatever comes meanwhile', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    channel.writeInbound(Buffer.from('part'));
    channel.clock.advance(100_000);
    const other = open();
    other.channel.writeInbound(GET);
    other.channel.writeOutbound(response({ status: 103, framing: 'none' }), LastHttpContent.EMPTY);
    other.channel.writeInbound(GET.subarray(0, 5));
    other.channel.clock.advance(100_000);

    expect([...events.of(HttpHeadersTimeoutEvent), ...other.events.of(HttpHeadersTimeoutEvent)]).toEqual([]);
  });

  it('expects nothing after the last response of a connection', () => {
    const { channel, events } = open();
    channel.writeInbound(GET);
    answer(channel, { keepAlive: false });
    channel.writeInbound(Buffer.from('more'));
    channel.clock.advance(100_000);

    expect(events.of(HttpHeadersTimeoutEvent)).toEqual([]);
  });

  it('expects nothing in a tunnel', () => {
    const { channel, events } = open();
    channel.writeInbound(
      Buffer.from('GET /a HTTP/1.1\r\nhost: o.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    );
    const switching = response({ status: 101, framing: 'none', upgrade: 'websocket' });
    channel.writeOutbound(switching, LastHttpContent.EMPTY);
    channel.writeInbound(Buffer.from('tunnel'));
    channel.flushInbound();
    channel.clock.advance(100_000);

    expect(events.of(HttpHeadersTimeoutEvent)).toEqual([]);
  });

  it('waits for ever when it is switched off', () => {
    const { channel } = open({ timeoutMs: 0 });
    channel.writeInbound(GET.subarray(0, 1));
    channel.clock.advance(10_000_000);

    expect(channel.isOpen).toBe(true);
  });

  it('leaves its one timer alone, however many requests there are, and gives it back', () => {
    const clock = new VirtualClock();
    const handlers = [
      new HttpServerCodec(),
      new HttpHeadersTimeoutHandler(),
      new HttpServerLifecycleChannelHandler(),
    ];
    const channel = new EmbeddedChannel({ handlers, clock });
    for (let count = 0; count < 10; count++) {
      channel.writeInbound(GET.subarray(0, 9));
      channel.writeInbound(GET.subarray(9));
      answer(channel);
    }
    expect(clock.pendingTimers).toBe(1);
    clock.advance(15_000);
    expect(channel.isOpen).toBe(true);
    channel.writeInbound(GET.subarray(0, 9));
    expect(clock.pendingTimers).toBe(1);
    channel.pipeline.close();
    channel.runPendingTasks();

    expect(clock.pendingTimers).toBe(0);
  });
});

function open(
  options: Partial<HttpHeadersTimeoutOptions> = {},
  last: ChannelHandler = { channelRead: () => {} },
) {
  const events = new Events();
  const refusing = new Refusing();
  const channel = new EmbeddedChannel(
    new HttpServerCodec(),
    new HttpHeadersTimeoutHandler(options),
    new HttpServerLifecycleChannelHandler(),
    events,
    refusing,
    last,
  );
  return { channel, events, refusing };
}

function exchange(channel: EmbeddedChannel): void {
  channel.writeInbound(GET);
  answer(channel);
}

/** Answers requests that can't be read. */
class Refusing implements ChannelHandler {
  readonly failures: string[] = [];

  channelRead(ctx: ChannelHandlerContext, message: HttpObject): void {
    const { failure } = message;
    if (failure === undefined) {
      ctx.fireChannelRead(message);
      return;
    }
    this.failures.push(failure.reason);
    respond(ctx.channel, { status: failure.status, keepAlive: false });
  }
}
