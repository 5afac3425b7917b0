import { HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import { HttpRequestReadTimeoutEvent, HttpRequestReadTimeoutHandler } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { answer, CONTINUE, Events, EXPECTING_HEAD, GET, POST_HEAD } from './support.ts';

const { INACTIVITY } = HttpRequestReadTimeoutEvent;

describe('HttpRequestReadTimeoutHandler', () => {
  it('fires an event when a body stays away, once, and does not close', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    channel.clock.advance(4_999);
    expect(events.all).toEqual([]);
    channel.clock.advance(1);
    expect(events.all).toEqual([INACTIVITY]);
    channel.clock.advance(100_000);

    expect(events.all).toEqual([INACTIVITY]);
    expect(channel.isOpen).toBe(true);
  });

  it('starts anew with each piece of the body', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    for (let count = 0; count < 5; count++) {
      channel.clock.advance(4_000);
      channel.writeInbound(Buffer.from('x'));
    }
    expect(events.all).toEqual([]);
    channel.clock.advance(5_000);

    expect(events.all).toEqual([INACTIVITY]);
  });

  it('does not wait for anything after the end of the body, nor for one that there is not', () => {
    const { channel, events } = open();
    channel.writeInbound(Buffer.concat([POST_HEAD, Buffer.alloc(100_000)]));
    channel.clock.advance(10_000);
    answer(channel);
    channel.writeInbound(GET);
    channel.clock.advance(10_000);

    expect(events.all).toEqual([]);
  });

  it('does not blame a client that is not read from', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    channel.pauseReads();
    channel.clock.advance(20_000);
    channel.resumeReads();
    channel.clock.advance(5_000);
    expect(events.all).toEqual([]);
    channel.clock.advance(5_000);

    expect(events.all).toEqual([INACTIVITY]);
  });

  it('does not blame a client that waits for a 100, until it has that', () => {
    const { channel, events } = open();
    channel.writeInbound(EXPECTING_HEAD);
    channel.clock.advance(22_000);
    channel.writeOutbound(CONTINUE);
    channel.clock.advance(7_999);
    expect(events.all).toEqual([]);
    channel.clock.advance(1);

    expect(events.all).toEqual([INACTIVITY]);
  });

  it('waits for the rest of a body that came without a 100', () => {
    const { channel, events } = open();
    channel.writeInbound(EXPECTING_HEAD);
    channel.writeInbound(Buffer.from('x'));
    channel.clock.advance(5_000);

    expect(events.all).toEqual([INACTIVITY]);
  });

  it('does not blame a client for a pause that is over', () => {
    const { channel, events } = open();
    channel.writeInbound(POST_HEAD);
    channel.pauseReads();
    channel.flushInbound();
    channel.clock.advance(3_000);
    channel.resumeReads();
    channel.clock.advance(2_000);
    expect(events.all).toEqual([]);
    channel.clock.advance(5_000);

    expect(events.all).toEqual([INACTIVITY]);
  });

  it('remembers no pause from before the request', () => {
    const { channel, events } = open();
    channel.pauseReads();
    channel.flushInbound();
    channel.resumeReads();
    channel.writeInbound(POST_HEAD);
    channel.clock.advance(5_000);

    expect(events.all).toEqual([INACTIVITY]);
  });

  it('never fires when it is switched off', () => {
    const { channel, events } = open(0);
    channel.writeInbound(POST_HEAD);
    channel.clock.advance(1_000_000);

    expect(events.all).toEqual([]);
  });

  it('has one timer for all requests, and gives it back', () => {
    const clock = new VirtualClock();
    const channel = new EmbeddedChannel({
      handlers: [new HttpServerCodec(), new HttpRequestReadTimeoutHandler()],
      clock,
    });
    for (let count = 0; count < 10; count++) {
      channel.writeInbound(Buffer.from('POST / HTTP/1.1\r\nhost: o\r\ncontent-length: 1\r\n\r\n'));
      channel.writeInbound(Buffer.from('x'));
      answer(channel);
    }
    expect(clock.pendingTimers).toBe(1);
    channel.pipeline.close();
    channel.runPendingTasks();

    expect(clock.pendingTimers).toBe(0);
  });
});

function open(timeoutMs = 5_000): { channel: EmbeddedChannel; events: Events } {
  const events = new Events();
  const handler = new HttpRequestReadTimeoutHandler({ timeoutMs });
  return { channel: new EmbeddedChannel(new HttpServerCodec(), handler, events), events };
}
