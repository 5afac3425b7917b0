import { HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import {
  HttpRequestDeadlineHandler,
  HttpRequestReadTimeoutEvent,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import type { HttpRequestDeadlineOptions } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import {
  answer,
  CONTINUE,
  Events,
  EXPECTING_HEAD,
  GET,
  POST_HEAD,
  respond,
  response,
  sent,
  statuses,
} from './support.ts';

describe('HttpRequestDeadlineHandler', () => {
  it('answers a body that drips with 408, completes its exchange and closes', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    drip(channel, 9, 500);
    expect(statuses(channel)).toEqual([]);
    drip(channel, 1, 499);

    expect(sent(channel)).toMatch(/^HTTP\/1\.1 408 [^]*connection: close/);
    expect(events.of(HttpRequestReadTimeoutEvent)).toEqual([HttpRequestReadTimeoutEvent.TOO_SLOW]);
    expect(events.lifecycle).toBe('start /p, rejected 408 body_too_slow, SESSION_COMPLETE /p');
    channel.clock.advance(5_000);
    expect(channel.isOpen).toBe(false);
  });

  it('lets a body pass that keeps the rate', () => {
    const { channel } = open();
    channel.writeInbound(POST_HEAD);
    drip(channel, 60, 500);

    expect(statuses(channel)).toEqual([]);
    expect(channel.isOpen).toBe(true);
  });

  it('does not let a client live on what it has sent before', () => {
    const { channel } = open();
    channel.writeInbound(POST_HEAD);
    drip(channel, 10, 5_000);
    drip(channel, 10, 1);

    expect(statuses(channel)).toEqual(['408']);
  });

  it('does not count time in which this side does not read', () => {
    const { channel } = open();
    channel.writeInbound(POST_HEAD);
    channel.pauseReads();
    channel.clock.advance(35_000);
    channel.resumeReads();
    channel.clock.advance(14_999);
    expect(statuses(channel)).toEqual([]);
    channel.clock.advance(1);

    expect(statuses(channel)).toEqual(['408']);
  });

  it('does not count time in which the client waits for a 100', () => {
    const { channel } = open();
    channel.writeInbound(EXPECTING_HEAD);
    channel.clock.advance(35_000);
    channel.writeOutbound(CONTINUE);
    channel.clock.advance(14_999);
    expect(statuses(channel)).toEqual(['100']);
    channel.clock.advance(1);

    expect(statuses(channel)).toEqual(['408']);
  });

  it('does not blame a client for a pause that is over', () => {
    const { channel } = open();
    channel.writeInbound(POST_HEAD);
    channel.pauseReads();
    channel.flushInbound();
    channel.clock.advance(8_000);
    channel.resumeReads();
    channel.clock.advance(11_999);
    expect(statuses(channel)).toEqual([]);
    channel.clock.advance(1);

    expect(statuses(channel)).toEqual(['408']);
  });

  it('ends a request that takes too long in all, whatever its rate', () => {
    const { channel, events } = open({ totalMs: 15_000 });
    channel.writeInbound(POST_HEAD);
    drip(channel, 14, 1_000);
    expect(channel.isOpen).toBe(true);
    drip(channel, 1, 1_000);

    expect(statuses(channel)).toEqual(['408']);
    expect(events.lifecycle).toContain('rejected 408 request_deadline');
  });

  it('leaves the answer to a later handler that has begun one', () => {
    const answering: ChannelHandler = {
      userEventTriggered: (ctx: ChannelHandlerContext, event: object) => {
        if (event instanceof HttpRequestReadTimeoutEvent)
          respond(ctx.channel, { status: 504, keepAlive: false });
      },
    };
    const { channel, events } = open({}, answering);
    channel.writeInbound(POST_HEAD);
    channel.clock.advance(10_000);

    expect(statuses(channel)).toEqual(['504']);
    expect(events.lifecycle).toBe('start /p, SESSION_COMPLETE /p');
  });

  it('answers nothing when a later handler closes the channel', () => {
    const closing: ChannelHandler = {
      userEventTriggered: (ctx: ChannelHandlerContext, event: object) => {
        if (event instanceof HttpRequestReadTimeoutEvent) ctx.close();
      },
    };
    const { channel, events } = open({}, closing);
    channel.writeInbound(POST_HEAD);
    channel.clock.advance(10_000);

    expect(statuses(channel)).toEqual([]);
    expect(events.lifecycle).toBe('start /p, CLOSE /p');
  });

  it('cuts a response that was under way', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    channel.writeOutbound(response({ status: 103, framing: 'none' }), response({ contentLength: 2 }));
    channel.clock.advance(10_000);

    expect(channel.isOpen).toBe(false);
    expect(events.lifecycle).toBe('start /p, CLOSE /p');
    expect(statuses(channel)).toEqual(['103', '200']);
  });

  it('has nothing to do with requests without a body, nor with the time after one', () => {
    const { channel } = open({ totalMs: 5_000 });
    channel.writeInbound(GET);
    channel.clock.advance(100_000);
    answer(channel);
    channel.writeInbound(Buffer.concat([POST_HEAD, Buffer.alloc(100_000)]));
    channel.clock.advance(100_000);

    expect(statuses(channel)).toEqual(['200']);
    expect(channel.isOpen).toBe(true);
  });

  it('measures each request anew', () => {
    const { channel } = open();
    for (let count = 0; count < 3; count++) {
      channel.writeInbound(Buffer.from('POST / HTTP/1.1\r\nhost: o\r\ncontent-length: 1\r\n\r\n'));
      channel.clock.advance(9_000);
      channel.writeInbound(Buffer.from('x'));
      answer(channel);
    }

    expect(statuses(channel)).toEqual(['200', '200', '200']);
  });

  it('can be switched off', () => {
    const { channel } = open({ minBytesPerSecond: 0 });
    channel.writeInbound(POST_HEAD);
    channel.clock.advance(10_000_000);

    expect(channel.isOpen).toBe(true);
  });

  it('has one timer for all requests, and gives it back', () => {
    const clock = new VirtualClock();
    const channel = new EmbeddedChannel({
      handlers: [new HttpServerCodec(), new HttpRequestDeadlineHandler()],
      clock,
    });
    for (let count = 0; count < 10; count++) {
      channel.writeInbound(Buffer.from('POST / HTTP/1.1\r\nhost: o\r\ncontent-length: 1\r\n\r\nx'));
      answer(channel);
    }
    expect(clock.pendingTimers).toBe(1);
    channel.pipeline.close();
    channel.runPendingTasks();

    expect(clock.pendingTimers).toBe(0);
  });
});

function open(options: Partial<HttpRequestDeadlineOptions> = {}, ...more: ChannelHandler[]) {
  const events = new Events();
  const channel = new EmbeddedChannel(
    new HttpServerCodec(),
    new HttpRequestDeadlineHandler(options),
    new HttpServerLifecycleChannelHandler(),
    events,
    ...more,
  );
  return { channel, events };
}

function drip(channel: EmbeddedChannel, seconds: number, bytesPerSecond: number): void {
  for (let second = 0; second < seconds; second++) {
    channel.writeInbound(Buffer.alloc(bytesPerSecond));
    channel.clock.advance(1_000);
  }
}
