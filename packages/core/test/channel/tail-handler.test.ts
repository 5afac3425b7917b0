import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { expect, it } from 'vitest';
import { MemoryLogger } from '../support/recorder.ts';
import { TestChannel } from '../support/test-channel.ts';

it('D-14: drops what nobody read with a line at debug level, and an error with a warning, and stays open', () => {
  const logger = new MemoryLogger();
  const channel = new TestChannel({ logger });
  channel.state = 'active';
  channel.register(channel.loop);
  channel.pipeline.fireChannelRead('message').fireChannelRead(Object.create(null));
  channel.pipeline.fireExceptionCaught(new Error('lost'));

  expect(logger.lines).toEqual([
    'debug No handler read an inbound message; it was dropped at the tail.',
    'debug No handler read an inbound message; it was dropped at the tail.',
    'warn An error reached the tail of the pipeline; the last handler should take it.',
  ]);
  expect(logger.fields[0]).toMatchObject({ message: 'String', handlers: [] });
  expect(logger.fields[2]).toMatchObject({ err: { message: 'lost' } });
  expect(channel.isActive).toBe(true);
});

it('names the last handler that could have read what was dropped', () => {
  const logger = new MemoryLogger();
  const channel = new TestChannel({ logger });
  channel.register(channel.loop);
  const passesOn: ChannelInboundHandler = {
    channelRead: (ctx: ChannelHandlerContext, message: unknown) => void ctx.fireChannelRead(message),
  };
  channel.pipeline.addLast('codec', passesOn).addLast('quiet', { channelActive: () => {} });
  channel.pipeline.fireChannelRead('message');

  expect(logger.fields).toMatchObject([{ lastReader: 'codec', handlers: ['codec', 'quiet'] }]);
});

it('D-14: takes every other event in silence', () => {
  const logger = new MemoryLogger();
  const { pipeline } = new TestChannel({ logger });
  pipeline.fireUserEventTriggered({}).fireChannelActive().fireChannelInactive();
  pipeline.fireChannelReadComplete().fireChannelWritabilityChanged();

  expect(logger.lines).toEqual([]);
});
