import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import {
  ReadTimeoutError,
  ReadTimeoutHandler,
  WriteTimeoutError,
  WriteTimeoutHandler,
} from '@sluice/handler-idle-state';
import { describe, expect, it } from 'vitest';
import { SlowChannel } from './slow-channel.ts';

describe('ReadTimeoutHandler', () => {
  it('I-15: fires one error, then closes', () => {
    const errors = new Errors();
    const channel = new EmbeddedChannel(new ReadTimeoutHandler({ timeoutMs: 1_000 }), errors);
    channel.clock.advance(999);
    expect(channel.isActive).toBe(true);
    channel.clock.advance(5_000);

    expect(channel.isActive).toBe(false);
    expect(errors.seen).toEqual(['SLUICE_READ_TIMEOUT while open']);
  });

  it('I-15: fires once even when the channel stays open', () => {
    const errors = new Errors();
    const channel = new EmbeddedChannel(staysOpen, new ReadTimeoutHandler({ timeoutMs: 1_000 }), errors);
    channel.clock.advance(5_000);

    expect(channel.isActive).toBe(true);
    expect(errors.seen).toHaveLength(1);
  });

  it('leaves a channel alone that reads in time', () => {
    const channel = new EmbeddedChannel(new ReadTimeoutHandler({ timeoutMs: 1_000 }));
    for (let at = 0; at < 5; at++) {
      channel.clock.advance(999);
      channel.writeInbound('bytes');
    }

    expect(channel.isActive).toBe(true);
  });
});

describe('WriteTimeoutHandler', () => {
  it('I-16: fires an error and closes when a write takes too long, and the write fails', () => {
    const errors = new Errors();
    const channel = new SlowChannel(new WriteTimeoutHandler({ timeoutMs: 1_000 }), errors);
    const promise = channel.newPromise();
    channel.writeAndFlush('bytes', promise);
    channel.clock.advance(999);
    expect(promise.isDone).toBe(false);
    channel.clock.advance(1);

    expect(channel.isActive).toBe(false);
    expect(errors.seen).toEqual(['SLUICE_WRITE_TIMEOUT while open']);
    expect(promise.cause).toMatchObject({ code: 'SLUICE_CHANNEL_CLOSED' });
  });

  it('I-16: times a write that nobody asks about, and counts from write, not from flush', () => {
    const channel = new EmbeddedChannel(new WriteTimeoutHandler({ timeoutMs: 1_000 }));
    channel.write('never flushed');
    channel.clock.advance(1_000);

    expect(channel.isActive).toBe(false);
    expect(() => channel.checkException()).toThrow(WriteTimeoutError);
  });

  it('I-16: leaves writes alone that are completed in time, each with its own time', () => {
    const clock = new VirtualClock();
    const handlers = [new WriteTimeoutHandler({ timeoutMs: 1_000 })];
    const channel = new SlowChannel({ clock, handlers });
    for (let at = 0; at < 5; at++) {
      channel.writeAndFlush('bytes');
      clock.advance(999);
      channel.consume();
    }
    expect(channel.isActive).toBe(true);
    channel.writeAndFlush('first');
    clock.advance(600);
    channel.writeAndFlush('second');
    clock.advance(399);
    channel.consume();
    clock.advance(600);
    expect(channel.isActive).toBe(true);
    clock.advance(1);

    expect(channel.isActive).toBe(false);
  });

  it('has no timer while nothing waits', () => {
    const channel = new EmbeddedChannel(new WriteTimeoutHandler({ timeoutMs: 1_000 }));
    channel.writeAndFlush('bytes');
    channel.clock.advance(1_000);

    expect(channel.clock.pendingTimers).toBe(0);
  });

  it('I-16: forgets the writes when it is removed', () => {
    const channel = new SlowChannel(new WriteTimeoutHandler({ timeoutMs: 1_000 }));
    channel.writeAndFlush('bytes');
    channel.pipeline.remove(WriteTimeoutHandler);

    expect(channel.clock.pendingTimers).toBe(0);
    channel.clock.advance(1_000);
    expect(channel.isActive).toBe(true);
  });

  it('I-16: 0 switches it off', () => {
    const channel = new SlowChannel(new WriteTimeoutHandler({ timeoutMs: 0 }));
    channel.writeAndFlush('bytes');
    channel.clock.advance(1_000_000);

    expect(channel.isActive).toBe(true);
  });

  it('I-16: fires one error for two writes that wait', () => {
    const errors = new Errors();
    const channel = new SlowChannel(staysOpen, new WriteTimeoutHandler({ timeoutMs: 1_000 }), errors);
    channel.writeAndFlush('first');
    channel.writeAndFlush('second');
    channel.clock.advance(5_000);

    expect(errors.seen).toHaveLength(1);
  });

  it('still fires the error of a handler that fails a write nobody asks about', () => {
    const failing: ChannelHandler = {
      write: () => {
        throw new Error('encoder');
      },
    };
    const channel = new EmbeddedChannel(failing, new WriteTimeoutHandler());
    channel.write('bytes');

    expect(() => channel.checkException()).toThrow('encoder');
  });

  it('fires nothing for writes that fail because the channel is closed', () => {
    const errors = new Errors();
    const channel = new SlowChannel(new WriteTimeoutHandler(), errors);
    channel.writeAndFlush('bytes');
    channel.close();

    expect(errors.seen).toEqual([]);
  });
});

const staysOpen: ChannelHandler = { sharable: true, close: () => {} };

class Errors implements ChannelHandler {
  readonly seen: string[] = [];

  exceptionCaught(ctx: { channel: EmbeddedChannel }, cause: unknown): void {
    const known = cause instanceof ReadTimeoutError || cause instanceof WriteTimeoutError;
    const code = known ? cause.code : String(cause);
    this.seen.push(`${code} while ${ctx.channel.isOpen ? 'open' : 'closed'}`);
  }
}
