import { HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import {
  ConnectionCloseEvent,
  ConnectionCloseHandledEvent,
  Http1ConnectionCloseHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import type { Http1ConnectionCloseOptions } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { answer, Events, GET, POST_HEAD, response, sent, statuses } from './support.ts';

const GRACEFUL = ConnectionCloseEvent.graceful('SHUTDOWN');
const DELAYED = ConnectionCloseEvent.gracefulDelayed('OUT_OF_SERVICE', 1_000);

describe('Http1ConnectionCloseHandler at a graceful close', () => {
  it('closes at once without a request in flight', () => {
    const { channel, triggers } = open();
    channel.pipeline.fireUserEventTriggered(GRACEFUL);

    expect(channel.isOpen).toBe(false);
    expect(triggers()).toEqual(['idle SHUTDOWN']);
  });

  it('announces the close in the response in flight, and closes after it', () => {
    const { channel, triggers } = open();
    channel.writeInbound(GET);
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    expect(channel.isOpen).toBe(true);
    answer(channel);

    expect(sent(channel)).toContain('connection: close');
    expect(triggers()).toEqual(['response SHUTDOWN']);
    channel.endInput();
    expect(channel.isOpen).toBe(false);
  });

  it('closes at once after it when the client has closed its side', () => {
    const { channel } = open();
    channel.writeInbound(GET);
    channel.endInput();
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    answer(channel);

    expect(channel.isOpen).toBe(false);
  });

  it('leaves a pipelined request unanswered, but no reset that would destroy the response', () => {
    const { channel } = open();
    channel.writeInbound(GET);
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    answer(channel);
    channel.writeInbound(GET);

    expect(statuses(channel)).toEqual(['200']);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(5_000);
    expect(channel.isOpen).toBe(false);
  });

  it('does not announce it in an interim response', () => {
    const { channel } = open();
    channel.writeInbound(GET);
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    channel.writeOutbound(response({ status: 103, framing: 'none' }));
    expect(sent(channel)).not.toContain('close');
    answer(channel);

    expect(sent(channel)).toContain('connection: close');
  });

  it('does not announce it in a 101', () => {
    const { channel, triggers } = open();
    channel.writeInbound(
      Buffer.from('GET /a HTTP/1.1\r\nhost: o.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    );
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    const switching = response({ status: 101, framing: 'none', upgrade: 'websocket' });
    channel.writeOutbound(switching, LastHttpContent.EMPTY);

    expect(channel.isOpen).toBe(true);
    expect(triggers()).toEqual([]);
  });

  it('takes what a client still sends of its request before it closes', () => {
    const { channel } = open();
    channel.writeInbound(POST_HEAD);
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    answer(channel, { status: 413 });
    expect(channel.isOpen).toBe(true);
    channel.writeInbound(Buffer.alloc(100));
    channel.clock.advance(5_000);

    expect(channel.isOpen).toBe(false);
  });

  it('gives a client that could not be told time for one more request, which announces it', () => {
    const { channel, triggers } = open();
    beginResponse(channel);
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    endResponse(channel);
    channel.clock.advance(9_999);
    expect(channel.isOpen).toBe(true);
    channel.writeInbound(GET);
    channel.clock.advance(1);
    expect(channel.isOpen).toBe(true);
    answer(channel);

    expect(statuses(channel)).toEqual(['200', '200']);
    channel.endInput();
    expect(channel.isOpen).toBe(false);
    expect(triggers()).toEqual(['response SHUTDOWN']);
  });

  it('closes when that time is over', () => {
    const { channel, triggers } = open();
    beginResponse(channel);
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    endResponse(channel);
    channel.clock.advance(10_000);

    expect(channel.isOpen).toBe(false);
    expect(triggers()).toEqual(['timeout SHUTDOWN']);
  });

  it('counts only the first', () => {
    const { channel, events } = open();
    channel.writeInbound(GET);
    channel.pipeline.fireUserEventTriggered(GRACEFUL);
    channel.pipeline.fireUserEventTriggered(ConnectionCloseEvent.graceful('EXPIRATION'));
    channel.pipeline.fireUserEventTriggered(DELAYED);

    expect(events.of(ConnectionCloseEvent)).toEqual([GRACEFUL]);
  });
});

describe('Http1ConnectionCloseHandler at a close after the next response', () => {
  it('waits for a request of an idle connection, and tells in its response', () => {
    const { channel, triggers } = open();
    channel.pipeline.fireUserEventTriggered(ConnectionCloseEvent.afterNextResponse('SHUTDOWN', 500));
    channel.clock.advance(499);
    channel.writeInbound(GET);
    channel.clock.advance(60_000);
    expect(channel.isOpen).toBe(true);
    answer(channel);

    expect(sent(channel)).toContain('connection: close');
    expect(triggers()).toEqual(['response SHUTDOWN']);
    channel.endInput();
    expect(channel.isOpen).toBe(false);
  });

  it('closes an idle connection when none came', () => {
    const { channel, triggers } = open();
    channel.pipeline.fireUserEventTriggered(ConnectionCloseEvent.afterNextResponse('SHUTDOWN', 500));
    channel.clock.advance(499);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);

    expect(channel.isOpen).toBe(false);
    expect(triggers()).toEqual(['timeout SHUTDOWN']);
  });
});

describe('Http1ConnectionCloseHandler at a delayed close', () => {
  it('waits for its part of the time, then closes gracefully', () => {
    const { channel, triggers } = open({ random: () => 0.5 });
    channel.pipeline.fireUserEventTriggered(DELAYED);
    channel.clock.advance(499);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);

    expect(channel.isOpen).toBe(false);
    expect(triggers()).toEqual(['idle OUT_OF_SERVICE']);
  });

  it('lets responses before that time keep the connection', () => {
    const { channel } = open({ random: () => 0.5 });
    channel.pipeline.fireUserEventTriggered(DELAYED);
    channel.writeInbound(GET);
    answer(channel);
    expect(sent(channel)).not.toContain('close');
    channel.writeInbound(GET);
    channel.clock.advance(500);
    expect(channel.isOpen).toBe(true);
    answer(channel);

    expect(sent(channel)).toContain('connection: close');
    channel.endInput();
    expect(channel.isOpen).toBe(false);
  });

  it('is overtaken by a graceful one, and ignores a second delayed one', () => {
    const { channel, events, triggers } = open();
    channel.pipeline.fireUserEventTriggered(DELAYED);
    channel.pipeline.fireUserEventTriggered(ConnectionCloseEvent.gracefulDelayed('SHUTDOWN', 1));
    channel.pipeline.fireUserEventTriggered(GRACEFUL);

    expect(channel.isOpen).toBe(false);
    expect(events.of(ConnectionCloseEvent)).toEqual([DELAYED, GRACEFUL]);
    expect(triggers()).toEqual(['idle SHUTDOWN']);
  });

  it('gives its timer back when the channel closes, and none to a closed one', () => {
    const clock = new VirtualClock();
    const channel = new EmbeddedChannel({ handlers: [new Http1ConnectionCloseHandler()], clock });
    channel.pipeline.fireUserEventTriggered(DELAYED);
    expect(clock.pendingTimers).toBe(1);
    channel.pipeline.close();
    channel.runPendingTasks();
    channel.pipeline.fireUserEventTriggered(DELAYED);

    expect(clock.pendingTimers).toBe(0);
  });

  it('needs a time', () => {
    expect(() => ConnectionCloseEvent.gracefulDelayed('SHUTDOWN', 0)).toThrow(RangeError);
  });
});

function open(options: Partial<Http1ConnectionCloseOptions> = {}) {
  const events = new Events();
  const sink: ChannelHandler = { channelRead: () => {} };
  const close = new Http1ConnectionCloseHandler(options);
  const lifecycle = new HttpServerLifecycleChannelHandler();
  const channel = new EmbeddedChannel(new HttpServerCodec(), close, lifecycle, events, sink);
  channel.config.allowHalfClosure = true;
  const triggers = (): string[] =>
    events.of(ConnectionCloseHandledEvent).map(({ trigger, event }) => `${trigger} ${event.reason}`);
  return { channel, events, triggers };
}

function beginResponse(channel: EmbeddedChannel): void {
  channel.writeInbound(GET);
  channel.writeOutbound(response({ contentLength: 2 }));
}

function endResponse(channel: EmbeddedChannel): void {
  channel.writeOutbound(new LastHttpContent(Buffer.from('ok')));
}
