import { describe, expect, it } from 'vitest';
import { ChannelOutputShutdownError, ChannelOutputShutdownEvent, ClosedChannelError } from '@sluice/core';
import type { ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { TestChannel } from '../support/test-channel.ts';

const bytes = (length: number): Buffer => Buffer.alloc(length);

describe('writability', () => {
  it('O-01: turns above the high mark and back below the low one, with one event each', () => {
    const { channel, events } = watched({ low: 128 + 96, high: 256 + 96 });
    channel.write(bytes(128));
    channel.write(bytes(2));
    expect(events).toEqual([]);
    channel.write(bytes(127));
    expect(events).toEqual([false]);
    channel.capacity = 128;
    channel.flush();
    expect([channel.pendingOutboundBytes, events]).toEqual([321, [false]]);
    channel.drain(2);

    expect([channel.pendingOutboundBytes, events]).toEqual([223, [false, true]]);
  });

  it('O-02: is strict on both sides', () => {
    const { channel, events } = watched({ low: 100, high: 200 });
    channel.write(bytes(104));
    expect([channel.pendingOutboundBytes, channel.isWritable]).toEqual([200, true]);
    channel.write(bytes(4));
    expect(channel.isWritable).toBe(false);
    channel.capacity = 104;
    channel.flush();
    expect([channel.pendingOutboundBytes, channel.isWritable]).toEqual([100, false]);
    channel.drain(4);

    expect(events).toEqual([false, true]);
  });

  it('O-03: has 31 bits for reasons of one’s own, told of in a task', () => {
    const { channel, events } = watched();
    for (let index = 1; index <= 31; index++) expect(channel.getUserDefinedWritability(index)).toBe(true);
    channel.setUserDefinedWritability(1, false);
    expect([channel.isWritable, events]).toEqual([false, []]);
    channel.loop.runTasks();
    expect(events).toEqual([false]);
    channel.setUserDefinedWritability(31, false);
    channel.setUserDefinedWritability(1, true);
    channel.loop.runTasks();
    expect(events).toEqual([false]);
    channel.setUserDefinedWritability(31, true);
    channel.loop.runTasks();

    expect(events).toEqual([false, true]);
    expect(() => channel.setUserDefinedWritability(0, false)).toThrow(RangeError);
    expect(() => channel.setUserDefinedWritability(32, false)).toThrow(RangeError);
  });

  it('O-03: may be set before the channel has an event loop', () => {
    const channel = new TestChannel();
    channel.setUserDefinedWritability(1, false);

    expect(channel.isWritable).toBe(false);
  });

  it('O-04: stays false until the mark and every bit allow it', () => {
    const { channel, events } = watched({ low: 10, high: 100 });
    channel.writeAndFlush(bytes(0));
    channel.capacity = 0;
    channel.write(bytes(10));
    channel.setUserDefinedWritability(1, false);
    channel.flush();
    channel.drain(10);
    channel.loop.runTasks();
    expect(events).toEqual([false]);
    channel.setUserDefinedWritability(1, true);
    channel.loop.runTasks();

    expect(events).toEqual([false, true]);
  });

  it('O-06: tells how many bytes are left on either side', () => {
    const { channel } = watched({ low: 128, high: 256 });
    expect([channel.bytesBeforeUnwritable, channel.bytesBeforeWritable]).toEqual([257, 0]);
    channel.write(bytes(4));
    expect([channel.bytesBeforeUnwritable, channel.bytesBeforeWritable]).toEqual([157, 0]);
    channel.write(bytes(104));
    expect([channel.bytesBeforeUnwritable, channel.bytesBeforeWritable]).toEqual([0, 173]);
    channel.close();

    expect([channel.bytesBeforeUnwritable, channel.bytesBeforeWritable]).toEqual([
      0,
      Number.MAX_SAFE_INTEGER,
    ]);
  });

  it('O-14: refuses a low mark above the high one or below 0', () => {
    const { config } = new TestChannel();

    expect(() => (config.writeBufferWaterMark = { low: 2, high: 1 })).toThrow(RangeError);
    expect(() => (config.writeBufferWaterMark = { low: -1, high: 1 })).toThrow(RangeError);
    expect(config.writeBufferWaterMark).toEqual({ low: 32_768, high: 65_536 });
  });
});

describe('re-entrance', () => {
  it('O-07: a write inside channelWritabilityChanged goes behind the one that caused it', () => {
    let first = true;
    const channel = TestChannel.active({
      channelWritabilityChanged: (ctx: ChannelHandlerContext) => {
        if (first) ctx.write('inside');
        first = false;
      },
    });
    channel.config.writeBufferWaterMark = { low: 50, high: 150 };
    channel.write(1);
    channel.write(2);
    channel.flush();

    expect(channel.sent).toEqual([1, 2, 'inside']);
  });

  it('O-07: a flush inside channelWritabilityChanged sends once and in order', () => {
    const channel = TestChannel.active({
      channelWritabilityChanged: (ctx: ChannelHandlerContext) => void ctx.flush(),
    });
    channel.config.writeBufferWaterMark = { low: 50, high: 100 };
    channel.write(1);
    channel.write(2);
    expect(channel.sent).toEqual([1, 2]);
    channel.writeAndFlush(3);

    expect(channel.sent).toEqual([1, 2, 3]);
    expect(channel.pendingOutboundBytes).toBe(0);
  });

  it('O-08: a listener that writes and flushes goes on without nesting flushes', () => {
    let depth = 0;
    let deepest = 0;
    const channel = TestChannel.active();
    const write = channel.doWrite.bind(channel);
    channel.doWrite = (buffer) => {
      deepest = Math.max(deepest, ++depth);
      write(buffer);
      depth--;
    };
    const ping = (left: number): void => {
      const promise = channel.newPromise();
      promise.addListener(() => (left > 0 ? ping(left - 1) : void channel.close()));
      channel.writeAndFlush(left, promise);
    };
    ping(5);

    expect(channel.sent).toEqual([5, 4, 3, 2, 1, 0]);
    expect(deepest).toBe(1);
    expect(channel.isOpen).toBe(false);
  });

  it('O-09: a close inside a flush ends it, and fails the rest', () => {
    const channel = TestChannel.active();
    const [first, second] = [channel.newPromise(), channel.newPromise()];
    first.addListener(() => void channel.close());
    channel.write(1, first);
    channel.write(2, second);
    channel.flush();

    expect(channel.sent).toEqual([1]);
    expect(second.cause).toBeInstanceOf(ClosedChannelError);
  });

  it('O-10: writes of a listener come behind those made before', () => {
    const channel = TestChannel.active();
    const promise = channel.newPromise();
    promise.addListener(() => channel.writeAndFlush('C'));
    channel.write('A', promise);
    channel.write('B');
    channel.flush();

    expect(channel.sent).toEqual(['A', 'B', 'C']);
  });

  it('O-05: a flush inside the event of a dropped write leaves the queue whole', () => {
    let isFirst = true;
    const channel = TestChannel.active({
      channelWritabilityChanged: (ctx: ChannelHandlerContext) => {
        if (!ctx.channel.isWritable || !isFirst) return;
        isFirst = false;
        ctx.writeAndFlush('inside');
      },
    });
    channel.config.writeBufferWaterMark = { low: 250, high: 300 };
    const promise = channel.newPromise();
    channel.write(1);
    channel.write(2, promise);
    channel.write(3);
    expect(channel.isWritable).toBe(false);
    promise.cancel();
    channel.flush();

    expect(channel.sent).toEqual([1, 3, 'inside']);
    expect(channel.pendingOutboundBytes).toBe(0);
  });
});

describe('the queue', () => {
  it('O-05: drops what was cancelled before the flush and gives its bytes back', () => {
    const channel = TestChannel.active();
    const promises = ['a', 'b', 'c'].map((message) => {
      const promise = channel.newPromise();
      channel.write(message, promise);
      return promise;
    });
    promises[1]?.cancel();
    channel.flush();

    expect(channel.sent).toEqual(['a', 'c']);
    expect(channel.pendingOutboundBytes).toBe(0);
    expect(promises.map(({ isSuccess }) => isSuccess)).toEqual([true, false, true]);
  });

  it('O-05: what was flushed can not be cancelled', () => {
    const channel = TestChannel.active();
    channel.capacity = 0;
    const promise = channel.newPromise();
    channel.writeAndFlush('a', promise);

    expect(promise.cancel()).toBe(false);
  });

  it('O-11: takes 100 000 small writes, counts each with its overhead, and keeps their order', () => {
    const channel = TestChannel.active();
    const count = 100_000;
    for (let at = 0; at < count; at++) channel.write(Buffer.from([at % 10]));
    expect(channel.pendingOutboundBytes).toBe(97 * count);
    channel.flush();

    expect(channel.pendingOutboundBytes).toBe(0);
    expect(channel.sent).toEqual(Array.from({ length: count }, (_, at) => String.fromCharCode(at % 10)));
  });

  it('O-11: keeps its order when it never runs empty, however long it goes on', () => {
    const channel = TestChannel.active();
    channel.capacity = 0;
    channel.writeAndFlush(-1);
    for (let at = 0; at < 10_000; at++) {
      channel.writeAndFlush(at);
      channel.drain(1);
    }

    expect(channel.sent).toEqual(Array.from({ length: 10_000 }, (_, at) => at - 1));
    expect(channel.pendingOutboundBytes).toBe(8 + 96);
    channel.write('not flushed');
    channel.drain(10);
    expect(channel.sent.at(-1)).toBe(9_999);
  });

  it('O-12: a message sent in parts is done with its last byte, and not the one behind it', () => {
    const channel = TestChannel.active();
    const [first, second] = [channel.newPromise(), channel.newPromise()];
    channel.capacity = 6;
    channel.write(Buffer.from('0123456789'), first);
    channel.write(Buffer.from('ab'), second);
    channel.flush();
    expect([first.isDone, second.isDone]).toEqual([false, false]);
    channel.drain(5);
    expect([first.isDone, second.isDone]).toEqual([true, false]);
    channel.drain(1);

    expect([first.isSuccess, second.isSuccess]).toEqual([true, true]);
    expect(channel.sent).toEqual(['0123456789', 'ab']);
  });
});

describe('shutdownOutput', () => {
  it('sends what was flushed, fails what was not in order, then ends and tells', () => {
    const { channel, log } = shuttable();
    channel.capacity = 0;
    channel.writeAndFlush('flushed');
    for (const message of ['x', 'y']) channel.write(message, failing(channel, log, message));
    channel.shutdownOutput().addListener(() => log.push('done'));
    expect(log).toEqual(['x ChannelOutputShutdownError', 'y ChannelOutputShutdownError']);
    log.length = 0;
    channel.drain(1);
    expect([channel.sent, log]).toEqual([['flushed'], []]);
    channel.finishShutdown();

    expect(log).toEqual(['done', 'ChannelOutputShutdownEvent']);
    expect([channel.isActive, channel.isWritable]).toEqual([true, false]);
  });

  it('makes later writes fail, and a second call follows the first', () => {
    const { channel } = shuttable();
    const [first, second] = [channel.shutdownOutput(), channel.shutdownOutput()];
    const write = channel.newPromise();
    channel.writeAndFlush('late', write);
    expect(write.cause).toBeInstanceOf(ChannelOutputShutdownError);
    channel.finishShutdown(new Error('no'));

    expect([first.cause, second.cause]).toEqual([new Error('no'), new Error('no')]);
  });

  it('fails when the channel closes before everything is sent', () => {
    const { channel } = shuttable();
    channel.capacity = 0;
    channel.writeAndFlush('flushed');
    const shutdown = channel.shutdownOutput();
    channel.close();

    expect(shutdown.cause).toBeInstanceOf(ClosedChannelError);
  });

  it('with autoClose off a failed write ends the output alone', () => {
    const { channel, log } = shuttable();
    channel.config.autoClose = false;
    channel.failWrites = new Error('broken');
    channel.writeAndFlush('a', failing(channel, log, 'a'));
    channel.finishShutdown();

    expect(log).toEqual(['a Error', 'ChannelOutputShutdownEvent']);
    expect(channel.isActive).toBe(true);
  });
});

function watched(mark = { low: 32_768, high: 65_536 }): { channel: TestChannel; events: boolean[] } {
  const events: boolean[] = [];
  const channel = TestChannel.active({
    channelWritabilityChanged: (ctx: ChannelHandlerContext) => void events.push(ctx.channel.isWritable),
  });
  channel.config.writeBufferWaterMark = mark;
  return { channel, events };
}

function shuttable(): { channel: TestChannel; log: string[] } {
  const log: string[] = [];
  const channel = TestChannel.active({
    userEventTriggered: (_ctx: ChannelHandlerContext, event: object) => {
      if (event === ChannelOutputShutdownEvent.INSTANCE) log.push('ChannelOutputShutdownEvent');
    },
  });
  return { channel, log };
}

function failing(channel: TestChannel, log: string[], name: string): ChannelPromise {
  const promise = channel.newPromise();
  promise.addListener(({ cause }) => log.push(`${name} ${(cause as Error).name}`));
  return promise;
}
