import { expect, it } from 'vitest';
import { PendingWriteQueue } from '@sluice/core';
import type { ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { TestChannel } from '../support/test-channel.ts';

it('O-13: counts what it holds as pending, until it is written', () => {
  const { channel, queue, events } = queued({ low: 100, high: 200 });
  queue.add(Buffer.alloc(36), undefined);
  expect([queue.size, queue.bytes, channel.pendingOutboundBytes]).toEqual([1, 100, 100]);
  queue.add('message', channel.newPromise());
  expect([queue.bytes, channel.isWritable]).toEqual([172, true]);
  queue.add('message', channel.newPromise());
  expect([channel.isWritable, events]).toEqual([false, [false]]);
  queue.removeAndWriteAll();
  channel.flush();

  expect([queue.isEmpty, queue.bytes, channel.pendingOutboundBytes]).toEqual([true, 0, 0]);
  expect(events.at(-1)).toBe(true);
});

it('O-13: writes one, in the order in which they came', () => {
  const { channel, queue } = queued();
  const promise = channel.newPromise();
  queue.add('a', promise);
  queue.add('b', undefined);
  expect(queue.current()).toBe('a');
  expect(queue.removeAndWrite()).toBe(promise);
  expect(queue.removeAndWrite()).toBeUndefined();
  expect(queue.removeAndWrite()).toBeUndefined();
  channel.flush();

  expect(channel.sent).toEqual(['a', 'b']);
});

it('O-13: writes all, and tells when all are done', () => {
  const { channel, queue } = queued();
  queue.add('a', channel.newPromise());
  queue.add('b', channel.voidPromise());
  queue.add('c', undefined);
  const all = queue.removeAndWriteAll();
  expect(all?.isDone).toBe(false);
  channel.flush();

  expect([all?.isSuccess, channel.sent]).toEqual([true, ['a', 'b', 'c']]);
  expect(queue.removeAndWriteAll()).toBeUndefined();
});

it('O-13: fails one or all', () => {
  const { channel, queue } = queued();
  const promises = ['a', 'b', 'c'].map((message) => {
    const promise = channel.newPromise();
    queue.add(message, promise);
    return promise;
  });
  queue.removeAndFail(new Error('one'));
  expect(promises.map(({ isDone }) => isDone)).toEqual([true, false, false]);
  queue.removeAndFailAll(new Error('all'));

  expect(promises.map(({ cause }) => (cause as Error).message)).toEqual(['one', 'all', 'all']);
  expect(channel.pendingOutboundBytes).toBe(0);
});

it('O-13: a listener may fail, write or add more while it is emptied', () => {
  const { channel, queue } = queued();
  const causes: unknown[] = [];
  const failing = (then: () => void): ChannelPromise =>
    channel.newPromise().addListener(({ cause }) => {
      causes.push(cause);
      then();
    });
  queue.add(
    'a',
    failing(() => queue.removeAndFailAll('inner')),
  );
  queue.add(
    'b',
    failing(() =>
      queue.add(
        'd',
        failing(() => {}),
      ),
    ),
  );
  queue.add(
    'c',
    failing(() => queue.removeAndWriteAll()),
  );
  queue.removeAndFailAll('outer');
  channel.flush();

  expect(causes).toHaveLength(4);
  expect(causes.slice(0, 3)).toEqual(['outer', 'inner', 'inner']);
  expect([queue.size, channel.pendingOutboundBytes]).toEqual([0, 0]);
});

it('O-13: leaves out a message whose promise was completed while it waited', () => {
  const { channel, queue } = queued();
  const [cancelled, failed] = [channel.newPromise(), channel.newPromise()];
  queue.add('a', cancelled);
  queue.add('b', failed);
  queue.add('c', channel.newPromise());
  cancelled.cancel();
  failed.setFailure(new Error('too late'));
  queue.removeAndWriteAll();
  channel.flush();

  expect(channel.sent).toEqual(['c']);
});

it('O-13: can be made and used on a closed channel; its writes fail', () => {
  const { channel, queue } = queued();
  channel.close();
  channel.loop.runTasks();
  const promise = channel.newPromise();
  queue.add('a', promise);
  queue.removeAndWrite();

  expect(promise.cause).toMatchObject({ code: 'SLUICE_CHANNEL_CLOSED' });
});

function queued(mark = { low: 32_768, high: 65_536 }): {
  channel: TestChannel;
  queue: PendingWriteQueue;
  events: boolean[];
} {
  const events: boolean[] = [];
  let context: ChannelHandlerContext | undefined;
  const channel = TestChannel.active({
    handlerAdded: (ctx: ChannelHandlerContext) => void (context = ctx),
    channelWritabilityChanged: (ctx: ChannelHandlerContext) => void events.push(ctx.channel.isWritable),
  });
  channel.config.writeBufferWaterMark = mark;
  if (context === undefined) throw new Error('The handler was not added.');
  return { channel, queue: new PendingWriteQueue(context), events };
}
