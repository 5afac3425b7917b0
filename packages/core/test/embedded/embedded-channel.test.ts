import { describe, expect, it } from 'vitest';
import { ClosedChannelError, EmbeddedChannel, VirtualClock } from '@sluice/core';
import type { ChannelHandlerContext, ChannelOutboundHandler, ChannelPromise } from '@sluice/core';
import { MemoryLogger, Recorder } from '../support/recorder.ts';

// E-16 is about reference counts; what is left of it is that the release methods tell whether there was anything.

describe('messages', () => {
  it('E-01: come out of an empty pipeline as they went in', () => {
    const channel = new EmbeddedChannel();

    expect([channel.writeInbound(1), channel.writeOutbound(2), channel.finish()]).toEqual([true, true, true]);
    expect([channel.readInbound(), channel.readInbound()]).toEqual([1, undefined]);
    expect([channel.readOutbound(), channel.readOutbound()]).toEqual([2, undefined]);
    expect(channel.finish()).toBe(false);
  });

  it('E-06: writeOneInbound does not end the burst, flushInbound does', () => {
    let completes = 0;
    const channel = new EmbeddedChannel({
      channelReadComplete: (ctx: ChannelHandlerContext) => void (completes++, ctx.fireChannelReadComplete()),
    });
    channel.writeOneInbound(1);
    expect([completes, channel.inboundMessages()]).toEqual([0, [1]]);
    channel.flushInbound();
    expect(completes).toBe(1);
    channel.writeInbound();
    expect(completes).toBe(1);
  });

  it('E-06: writeOneOutbound does not flush, flushOutbound does', () => {
    const channel = new EmbeddedChannel();
    const written = channel.writeOneOutbound(1);
    expect([written.isDone, channel.outboundMessages()]).toEqual([false, []]);
    channel.flushOutbound();

    expect([written.isSuccess, channel.outboundMessages()]).toEqual([true, [1]]);
  });

  it('E-08: are shown to a subclass as they come out', () => {
    const seen: unknown[] = [];
    class Watching extends EmbeddedChannel {
      protected override handleInboundMessage(message: unknown): void {
        seen.push(['in', message]);
      }

      protected override handleOutboundMessage(message: unknown): void {
        seen.push(['out', message]);
      }
    }
    const channel = new Watching();

    expect([channel.writeInbound(1), channel.writeOutbound(2)]).toEqual([false, false]);
    expect(seen).toEqual([
      ['in', 1],
      ['out', 2],
    ]);
  });

  it('E-16: release methods drop what came out and tell whether there was anything', () => {
    const channel = new EmbeddedChannel();
    channel.writeInbound(1);
    channel.writeOutbound(2);

    expect([channel.releaseInbound(), channel.releaseInbound()]).toEqual([true, false]);
    expect([channel.releaseOutbound(), channel.releaseOutbound()]).toEqual([true, false]);
    channel.writeOutbound(3);
    expect([channel.finishAndReleaseAll(), channel.readOutbound()]).toEqual([true, undefined]);
  });

  it('E-17: those written by a listener come out too', () => {
    const channel = new EmbeddedChannel();
    const promise = channel.newPromise();
    promise.addListener(() => channel.writeAndFlush(2));
    channel.writeAndFlush(1, promise);

    expect(channel.outboundMessages()).toEqual([1, 2]);
  });
});

describe('life', () => {
  it('E-02: without register nothing happens until register is called', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({ handlers: [new Recorder('a', log)], register: false });
    channel.runPendingTasks();
    expect(channel.runScheduledPendingTasks()).toBe(-1);
    expect([channel.isRegistered, channel.isActive, log]).toEqual([false, false, []]);
    channel.register();

    expect(log).toEqual(['a:handlerAdded', 'a:channelRegistered', 'a:channelActive']);
  });

  it('E-03: its handlers see registered and active at once', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(new Recorder('a', log));

    expect(log).toEqual(['a:handlerAdded', 'a:channelRegistered', 'a:channelActive']);
    expect(String(channel)).toBe('[id: 0xembedded, L:embedded - R:embedded]');
  });

  it.each(['close', 'disconnect'] as const)('E-04: %s fires inactive, then unregistered', (operation) => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(new Recorder('a', log));
    log.length = 0;
    const promise = channel[operation]();

    expect(promise.isSuccess).toBe(true);
    expect(log).toEqual(['a:close', 'a:channelInactive', 'a:channelUnregistered', 'a:handlerRemoved']);
    expect([channel.isOpen, channel.isActive]).toEqual([false, false]);
  });

  it('R-13: disconnect is close to a handler, unless the transport has disconnect', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({ handlers: [new Recorder('a', log)], hasDisconnect: true });
    log.length = 0;
    channel.disconnect();

    expect(log).toEqual(['a:disconnect']);
    expect(channel.isOpen).toBe(true);
  });

  it('E-07: nothing can be written to it once it is closed', () => {
    const channel = new EmbeddedChannel();
    channel.close();

    expect(() => channel.writeInbound(1)).toThrow(ClosedChannelError);
    expect(() => channel.writeOutbound(1)).toThrow(ClosedChannelError);
  });

  it('E-10: an exceptionCaught that closes makes it inactive', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({
      channelRead: () => fail('no'),
      exceptionCaught: (ctx: ChannelHandlerContext) => void ctx.close(),
      channelInactive: () => void log.push('inactive'),
    });
    channel.writeInbound(1);

    expect(log).toEqual(['inactive']);
  });

  it('E-18: has a parent, an id and addresses when it is given them', () => {
    const parent = new EmbeddedChannel();
    const channel = new EmbeddedChannel({
      parent,
      id: '00000001',
      remoteAddress: { host: '192.0.2.1', port: 5 },
    });

    expect(channel.parent).toBe(parent);
    expect(String(channel)).toBe('[id: 0x00000001, L:embedded - R:192.0.2.1:5]');
  });

  it('shows whether the handlers want bytes, and can end them', () => {
    const channel = new EmbeddedChannel();
    expect(channel.isReading).toBe(true);
    channel.pauseReads();
    expect(channel.isReading).toBe(false);
    channel.resumeReads();
    expect(channel.isReading).toBe(true);
    channel.endInput();
    expect(channel.isOpen).toBe(false);
  });
});

describe('errors', () => {
  it('E-09: the first that nobody handled is thrown once, later ones are logged', () => {
    const logger = new MemoryLogger();
    const handlers = [
      { channelRead: (_ctx: ChannelHandlerContext, message: unknown) => fail(String(message)) },
    ];
    const channel = new EmbeddedChannel({ handlers, logger });

    expect(() => channel.writeInbound('first', 'second')).toThrow('first');
    expect(logger.lines).toEqual(['warn More than one error was not handled; only the first is thrown.']);
    channel.checkException();
  });

  it('E-09: a write that fails makes writeOutbound throw', () => {
    const channel = new EmbeddedChannel({ write: () => fail('no') });

    expect(() => channel.writeOutbound(1)).toThrow('no');
  });
});

describe('time and tasks', () => {
  it('E-05: a write put off with execute is out when writeOutbound returns', () => {
    const channel = new EmbeddedChannel(
      putOff((ctx, write) => {
        ctx.channel.eventLoop.execute(write);
      }),
    );

    expect(channel.writeOutbound(1)).toBe(true);
  });

  it('E-05: a write put off with schedule is out when its time has come', () => {
    const channel = new EmbeddedChannel(
      putOff((ctx, write) => {
        ctx.channel.eventLoop.schedule(5, write);
      }),
    );
    expect(channel.writeOutbound(1)).toBe(false);
    channel.clock.advance(5);

    expect(channel.readOutbound()).toBe(1);
  });

  it('E-11: advanceTimeBy runs what falls due and nothing else', () => {
    const channel = new EmbeddedChannel();
    const log: number[] = [];
    for (const minutes of [10, 20]) channel.eventLoop.schedule(minutes * 60_000, () => log.push(minutes));
    channel.advanceTimeBy(10 * 60_000);

    expect(log).toEqual([10]);
    expect(channel.runScheduledPendingTasks()).toBe(10 * 60_000);
  });

  it('E-12: its time stands still until it is unfrozen', () => {
    const channel = new EmbeddedChannel();
    let ran = false;
    channel.eventLoop.schedule(Number.MIN_VALUE, () => (ran = true));
    channel.runPendingTasks();
    expect(ran).toBe(false);
    channel.unfreezeTime();
    channel.freezeTime();
    channel.advanceTimeBy(1);

    expect(ran).toBe(true);
  });

  it('E-13: has pending tasks only when one is queued or due', () => {
    const channel = new EmbeddedChannel();
    channel.eventLoop.schedule(5, () => {});
    expect(channel.hasPendingTasks()).toBe(false);
    channel.eventLoop.execute(() => {});
    expect(channel.hasPendingTasks()).toBe(true);
    channel.runPendingTasks();
    expect(channel.hasPendingTasks()).toBe(false);
    channel.eventLoop.schedule(0, () => {});
    expect(channel.hasPendingTasks()).toBe(true);
  });

  it('E-14: close runs what is queued, then cancels every timer', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel();
    channel.eventLoop.execute(() => log.push(`task, open ${channel.isOpen}`));
    channel.eventLoop.schedule(5, () => log.push('timer'));
    channel.close();
    channel.clock.advance(10);

    expect(log).toEqual(['task, open true']);
    expect(channel.runScheduledPendingTasks()).toBe(-1);
  });

  it('E-15: with a clock that it was given, time is moved there', () => {
    const clock = new VirtualClock();
    const channel = new EmbeddedChannel({ clock });
    let ran = false;
    channel.eventLoop.schedule(1, () => (ran = true));

    expect(() => channel.advanceTimeBy(1)).toThrow('was given a clock');
    expect(() => channel.freezeTime()).toThrow('was given a clock');
    clock.advance(1);
    expect(ran).toBe(true);
  });
});

function putOff(when: (ctx: ChannelHandlerContext, write: () => void) => void): ChannelOutboundHandler {
  return {
    write: (ctx: ChannelHandlerContext, message: unknown, promise: ChannelPromise | undefined) =>
      when(ctx, () => ctx.writeAndFlush(message, promise)),
  };
}

function fail(message: string): never {
  throw new Error(message);
}
