import { describe, expect, it } from 'vitest';
import { ChannelInputShutdownEvent, ChannelInputShutdownReadComplete } from '@sluice/core';
import type { ChannelHandlerContext } from '@sluice/core';
import { TestChannel } from '../support/test-channel.ts';

describe('reading', () => {
  it('asks for bytes when it turns active and after each burst while autoRead is on', () => {
    const channel = TestChannel.active();
    expect(channel.reads).toBe(1);
    channel.unsafe.input.fireRead('message');
    expect(channel.reads).toBe(2);

    channel.config.autoRead = false;
    channel.unsafe.input.fireRead('message');
    expect(channel.reads).toBe(2);
    channel.config.autoRead = true;
    expect(channel.reads).toBe(3);
  });

  it('lets a handler turn autoRead off in channelActive in time', () => {
    const channel = TestChannel.active({
      channelActive: (ctx: ChannelHandlerContext) => void (ctx.channel.config.autoRead = false),
    });

    expect(channel.reads).toBe(0);
  });

  it('counts pauses: reads go on when each was resumed', () => {
    const channel = TestChannel.active();
    channel.pauseReads();
    channel.pauseReads();
    channel.unsafe.input.fireRead('on its way');
    channel.resumeReads();
    expect(channel.reads).toBe(1);
    channel.resumeReads();

    expect(channel.reads).toBe(2);
    expect(() => channel.resumeReads()).toThrow('without pauseReads()');
  });

  it('keeps a read() of a paused channel until it is resumed', () => {
    const channel = TestChannel.active();
    channel.config.autoRead = false;
    channel.pauseReads();
    channel.read();
    expect(channel.reads).toBe(1);
    channel.resumeReads();
    expect(channel.reads).toBe(2);

    channel.unsafe.input.fireRead('message');
    channel.pauseReads();
    channel.resumeReads();
    expect(channel.reads).toBe(2);
  });
});

describe('half-close', () => {
  it('closes at the end of input, after what was flushed is sent', () => {
    const channel = TestChannel.active();
    channel.capacity = 0;
    channel.writeAndFlush('answer');
    channel.unsafe.input.shutdown();
    expect(channel.isOpen).toBe(true);
    channel.drain(1);

    expect(channel.sent).toEqual(['answer']);
    expect(channel.isOpen).toBe(false);
  });

  it('with allowHalfClosure fires the end of input once, and once more for who asks for bytes', () => {
    const events: object[] = [];
    const channel = TestChannel.active({
      userEventTriggered: (_ctx: ChannelHandlerContext, event: object) => void events.push(event),
    });
    channel.config.allowHalfClosure = true;
    channel.unsafe.input.shutdown();
    channel.unsafe.input.shutdown();
    expect(events).toEqual([ChannelInputShutdownEvent.INSTANCE]);
    channel.read();
    channel.read();
    channel.loop.runTasks();

    expect(events).toEqual([ChannelInputShutdownEvent.INSTANCE, ChannelInputShutdownReadComplete.INSTANCE]);
    expect(channel.isActive).toBe(true);
  });
});
