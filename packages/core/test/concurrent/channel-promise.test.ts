import { describe, expect, it } from 'vitest';
import {
  CancellationError,
  CLOSE,
  CLOSE_ON_FAILURE,
  EmbeddedChannel,
  FIRE_EXCEPTION_ON_FAILURE,
  PromiseCombiner,
} from '@sluice/core';
import type { ChannelPromise } from '@sluice/core';
import { MemoryLogger } from '../support/recorder.ts';
import { TestChannel } from '../support/test-channel.ts';

describe('ChannelPromise', () => {
  it('B-01: is completed once', () => {
    const promise = newPromise();
    promise.setSuccess();

    expect(() => promise.setSuccess()).toThrow('complete already');
    expect(() => promise.setFailure(new Error('no'))).toThrow('complete already');
    expect([promise.trySuccess(), promise.tryFailure('no'), promise.cancel()]).toEqual([false, false, false]);
    expect([promise.isDone, promise.isSuccess, promise.cause]).toEqual([true, true, undefined]);
  });

  it('B-01: can be cancelled until it is made uncancellable', () => {
    const [cancelled, begun] = [newPromise(), newPromise()];

    expect(cancelled.cancel()).toBe(true);
    expect(cancelled.cause).toBeInstanceOf(CancellationError);
    expect([cancelled.isCancelled, cancelled.setUncancellable()]).toEqual([true, false]);
    expect([begun.setUncancellable(), begun.cancel(), begun.isDone]).toEqual([true, false, false]);
  });

  it('B-02: calls listeners in order, those added by a listener last', () => {
    const log: string[] = [];
    const promise = newPromise();
    promise.addListener(() => {
      log.push('first');
      promise.addListener(() => log.push('added'));
    });
    promise.addListener(() => log.push('second'));
    promise.setSuccess();

    expect(log).toEqual(['first', 'second', 'added']);
  });

  it.each([
    ['registered', () => new EmbeddedChannel()],
    ['without an event loop', () => new TestChannel()],
  ])(
    'B-02: completes a chain of 100 000 on a channel %s before the first completion returns',
    (_title, make) => {
      const channel = make();
      const chain = Array.from({ length: 100_000 }, () => channel.newPromise());
      for (const [at, promise] of chain.entries()) promise.addListener(() => chain[at + 1]?.setSuccess());
      chain[0]?.setSuccess();

      expect(chain.every(({ isSuccess }) => isSuccess)).toBe(true);
    },
  );

  it('B-03: calls a listener added after completion at once, and once', () => {
    let calls = 0;
    const promise = newPromise();
    promise.setSuccess();
    promise.addListener(() => calls++);

    expect(calls).toBe(1);
  });

  it('D-15: logs what a listener throws, and calls the others', () => {
    const logger = new MemoryLogger();
    const log: string[] = [];
    const promise = new EmbeddedChannel({ logger }).newPromise();
    promise.addListener(() => {
      throw new Error('no');
    });
    promise.addListener(() => log.push('second'));
    promise.setSuccess();

    expect(log).toEqual(['second']);
    expect(logger.lines).toEqual(['warn A listener of a channel future threw.']);
  });

  it('is no thenable, but gives a native promise', async () => {
    const [good, bad] = [newPromise(), newPromise()];
    const results = Promise.allSettled([good.toPromise(), bad.toPromise()]);
    good.setSuccess();
    bad.setFailure(new Error('no'));

    expect('then' in good).toBe(false);
    expect(await results).toEqual([
      { status: 'fulfilled', value: undefined },
      { status: 'rejected', reason: new Error('no') },
    ]);
  });

  it('closes the channel, or fires the failure, with the listeners made for it', () => {
    const channel = new EmbeddedChannel();
    const fail = (promise: ChannelPromise): void => promise.setFailure(new Error('no'));
    fail(channel.newPromise().addListener(FIRE_EXCEPTION_ON_FAILURE));
    expect(() => channel.checkException()).toThrow('no');
    channel.newPromise().addListener(CLOSE_ON_FAILURE).setSuccess();
    expect(channel.isOpen).toBe(true);
    fail(channel.newPromise().addListener(CLOSE_ON_FAILURE));
    expect(channel.isOpen).toBe(false);

    const other = new EmbeddedChannel();
    other.newPromise().addListener(CLOSE).setSuccess();
    expect(other.isOpen).toBe(false);
  });
});

describe('the void promise', () => {
  it('is shared, takes no listeners, and is never done', () => {
    const channel = new EmbeddedChannel();
    const promise = channel.voidPromise();
    promise.setSuccess();

    expect(channel.voidPromise()).toBe(promise);
    expect([promise.isDone, promise.cancel(), promise.setUncancellable()]).toEqual([false, false, true]);
    expect(() => promise.addListener(() => {})).toThrow('takes no listeners');
  });

  it('fires a failure from the head, but not once the channel is gone', () => {
    const channel = new EmbeddedChannel();
    channel.voidPromise().setFailure(new Error('no'));
    expect(() => channel.checkException()).toThrow('no');
    channel.close();
    channel.write('late', channel.voidPromise());

    channel.checkException();
  });
});

describe('PromiseCombiner', () => {
  it('B-04: succeeds at once when there is nothing to wait for', () => {
    const all = newPromise();
    new PromiseCombiner().finish(all);

    expect(all.isSuccess).toBe(true);
  });

  it('B-04: waits for all, and fails with the first failure', () => {
    const [a, b, c, all] = [newPromise(), newPromise(), newPromise(), newPromise()];
    new PromiseCombiner().add(a).add(b).add(c).finish(all);
    b.setFailure(new Error('first'));
    a.setFailure(new Error('second'));
    expect(all.isDone).toBe(false);
    c.setSuccess();

    expect(all.cause).toEqual(new Error('first'));
  });

  it('B-04: takes nothing after finish, and finishes once', () => {
    const combiner = new PromiseCombiner();
    combiner.finish(newPromise());

    expect(() => combiner.add(newPromise())).toThrow('after finish()');
    expect(() => combiner.finish(newPromise())).toThrow('already');
  });
});

function newPromise(): ChannelPromise {
  return new EmbeddedChannel().newPromise();
}
