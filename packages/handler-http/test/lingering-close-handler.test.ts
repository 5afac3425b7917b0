import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import { closeLingering, LingeringCloseHandler } from '@sluice/handler-http';
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

  it('reads no more than it may, and closes when the time is up', () => {
    const channel = open();
    closeLingering(channel, { maxBytes: 10 });
    channel.writeInbound(Buffer.alloc(10));
    expect(channel.isReading).toBe(true);
    channel.writeInbound(Buffer.alloc(1));
    expect(channel.isReading).toBe(false);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1_000);

    expect(channel.isOpen).toBe(false);
  });

  it('closes after its time, whatever the client sends', () => {
    const channel = open();
    closeLingering(channel);
    channel.clock.advance(999);
    channel.writeInbound(Buffer.alloc(1));
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);

    expect(channel.isOpen).toBe(false);
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

  it('resumes the reads that it has paused when it is removed', () => {
    const handler = new LingeringCloseHandler({ maxBytes: 1 });
    const channel = new EmbeddedChannel(handler);
    channel.writeInbound(Buffer.from('ab'));
    expect(channel.areReadsPaused).toBe(true);
    channel.pipeline.remove(handler);

    expect(channel.areReadsPaused).toBe(false);
  });

  it('passes on events that are not the end of the input', () => {
    const events = new Events();
    const channel = new EmbeddedChannel(new LingeringCloseHandler(), events);
    const event = new Date(0);
    channel.pipeline.fireUserEventTriggered(event);

    expect(events.all).toEqual([event]);
  });
});

function open(): EmbeddedChannel {
  const channel = new EmbeddedChannel();
  channel.config.allowHalfClosure = true;
  return channel;
}
