import { describe, expect, it } from 'vitest';
import { ChannelInitializer, EmbeddedChannel } from '@sluice/core';
import type { Channel } from '@sluice/core';
import { MemoryLogger, Recorder } from '../support/recorder.ts';
import { TestChannel } from '../support/test-channel.ts';

describe('ChannelInitializer', () => {
  it.each([['before'], ['after']])(
    'B-07: closes the channel when init throws, added %s registration',
    (when) => {
      const logger = new MemoryLogger();
      const channel = new TestChannel({ logger });
      const initializer = new ChannelInitializer(() => {
        throw new Error('no');
      });
      if (when === 'before') channel.pipeline.addLast(undefined, initializer);
      channel.register(channel.loop);
      if (when === 'after') channel.pipeline.addLast(undefined, initializer);
      channel.loop.runTasks();

      expect(channel.isOpen).toBe(false);
      expect(channel.pipeline.names()).toEqual([]);
      expect(logger.lines).toEqual(['warn A channel could not be initialised; closing it.']);
      expect(logger.fields[0]).toMatchObject({ err: { message: 'no' } });
    },
  );

  it('B-08: keeps the order of handlers when one initializer adds another', () => {
    const log: string[] = [];
    const [h1, h2, h3, h4] = ['1', '2', '3', '4'].map((name) => new Recorder(name, log));
    const inner = new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersLast(h2, h3));
    const outer = new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersLast(h1, inner, h4));
    const channel = new EmbeddedChannel(outer);

    expect([...channel.pipeline]).toEqual([h1, h2, h3, h4]);
  });

  it('B-09: every handler that it adds, first or last, sees channelRegistered once', () => {
    const log: string[] = [];
    const channel = new TestChannel();
    const init = ({ pipeline }: Channel): void =>
      void pipeline.addHandlersFirst(new Recorder('first', log)).addHandlersLast(new Recorder('last', log));
    channel.pipeline.addHandlersLast(
      new Recorder('before', log),
      new ChannelInitializer(init),
      new Recorder('after', log),
    );
    channel.register(channel.loop);

    expect(log.filter((line) => line.endsWith('channelRegistered'))).toEqual(
      ['first', 'before', 'after', 'last'].map((name) => `${name}:channelRegistered`),
    );
  });

  it('B-09: initialises at the next registration when it was added between two', () => {
    const log: string[] = [];
    const channel = TestChannel.active();
    channel.deregister();
    channel.loop.runTasks();
    channel.pipeline.addHandlersLast(
      new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersFirst(new Recorder('first', log))),
    );
    expect(log).toEqual([]);
    channel.register(channel.loop);

    expect(log).toEqual(['first:handlerAdded', 'first:channelRegistered']);
  });

  it('B-10: runs once and is gone', () => {
    let runs = 0;
    const channel = new EmbeddedChannel({ register: false });
    channel.pipeline.addHandlersLast(new ChannelInitializer(() => runs++));
    channel.register();

    expect(runs).toBe(1);
    expect(channel.pipeline.names()).toEqual([]);
  });

  it('B-11: one instance serves 100 channels', () => {
    const log: string[] = [];
    const initializer = new ChannelInitializer(
      ({ pipeline }) => void pipeline.addHandlersLast(new Recorder('a', log)),
    );
    const channels = Array.from({ length: 100 }, () => new EmbeddedChannel(initializer));

    expect(channels.every(({ pipeline }) => pipeline.first() instanceof Recorder)).toBe(true);
    expect(log.filter((line) => line === 'a:handlerAdded')).toHaveLength(100);
  });
});
