import { HttpResponse, HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import {
  closeLingering,
  HttpRequestDeadlineHandler,
  HttpRequestReadTimeoutEvent,
  HttpRequestReadTimeoutHandler,
  LingeringCloseHandler,
} from '@sluice/handler-http';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { describe, expect, it } from 'vitest';
import { Events } from './support.ts';

describe('closeLingering', () => {
  it('ends the sending direction and drops what the client still sends', () => {
    const channel = open();
    closeLingering(channel);
    channel.writeInbound(Buffer.alloc(64 * 1024));

    expect(channel.isOpen).toBe(true);
    expect(channel.inboundMessages()).toEqual([]);
    expect(channel.writeOneOutbound(Buffer.from('late')).cause).toMatchObject({
      code: 'SLUICE_OUTPUT_SHUTDOWN',
    });
  });

  it('sends first what was flushed before', () => {
    const channel = open();
    channel.writeAndFlush(Buffer.from('response'));
    closeLingering(channel);

    expect(channel.readOutbound()).toEqual(Buffer.from('response'));
  });

  it('closes when the client closes its side', () => {
    const channel = open();
    closeLingering(channel);
    channel.endInput();

    expect(channel.isOpen).toBe(false);
  });

  it('closes at once when the client has closed its side before', () => {
    const channel = open();
    channel.endInput();
    expect(channel.isOpen).toBe(true);
    closeLingering(channel);

    expect(channel.isOpen).toBe(false);
    expect(channel.pipeline.names()).toEqual([]);
  });

  it('reads on while the client sends, however much it is', () => {
    const channel = open();
    closeLingering(channel);
    for (let read = 0; read < 5; read++) {
      channel.clock.advance(4_999);
      channel.writeInbound(Buffer.alloc(1024 * 1024));
    }

    expect(channel.isReading).toBe(true);
    expect(channel.isOpen).toBe(true);
  });

  it('closes when the client is silent', () => {
    const channel = open();
    closeLingering(channel);
    channel.clock.advance(1_000);
    channel.writeInbound(Buffer.alloc(1));
    channel.clock.advance(4_999);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);

    expect(channel.isOpen).toBe(false);
  });

  it('closes after its time, whatever the client sends', () => {
    const channel = open();
    closeLingering(channel);
    for (let read = 0; read < 29; read++) {
      channel.clock.advance(1_000);
      channel.writeInbound(Buffer.alloc(1));
    }
    channel.clock.advance(999);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);

    expect(channel.isOpen).toBe(false);
  });

  it('is not cut short by the idle time, nor by the limits of a body', () => {
    const body = { minBytesPerSecond: 500, graceMs: 2_000 };
    const limits = [
      new HttpRequestReadTimeoutHandler({ timeoutMs: 2_000 }),
      new HttpRequestDeadlineHandler(body),
    ];
    const idle = [new IdleStateHandler({ allIdleMs: 2_000 }), new CloseOnIdleStateHandler()];
    const events = new Events();
    const channel = open([...idle, new HttpServerCodec(), ...limits, events]);
    channel.writeInbound(Buffer.from('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\na'));
    channel.writeOutbound(new HttpResponse({ status: 413, contentLength: 0, keepAlive: false }));
    closeLingering(channel);
    channel.clock.advance(4_999);

    expect(channel.isOpen).toBe(true);
    expect(events.of(HttpRequestReadTimeoutEvent)).toEqual([]);
  });

  it('does nothing on a channel that is closed or lingers already', () => {
    const channel = open();
    closeLingering(channel);
    closeLingering(channel);
    expect(channel.pipeline.names()).toEqual(['lingering-close']);
    channel.close();
    closeLingering(channel);

    expect(channel.pipeline.names()).toEqual([]);
  });
});

describe('LingeringCloseHandler', () => {
  it('gives its timer back when the channel closes', () => {
    const clock = new VirtualClock();
    const channel = new EmbeddedChannel({ handlers: [new LingeringCloseHandler()], clock });
    expect(clock.pendingTimers).toBe(1);
    channel.pipeline.close();
    channel.runPendingTasks();

    expect(clock.pendingTimers).toBe(0);
  });

  it('passes on events that are not the end of the input', () => {
    const events = new Events();
    const channel = new EmbeddedChannel(new LingeringCloseHandler(), events);
    const event = new Date(0);
    channel.pipeline.fireUserEventTriggered(event);

    expect(events.all).toEqual([event]);
  });
});

function open(handlers: readonly ChannelHandler[] = []): EmbeddedChannel {
  const channel = new EmbeddedChannel({ handlers });
  channel.config.allowHalfClosure = true;
  return channel;
}
