import { declareMessages } from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { describe, expect, it } from 'vitest';
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

describe('who should have read what was dropped', () => {
  it('is a handler of the list that reads such messages', () => {
    const { pipeline, logger } = logged();
    pipeline.addLast('lines', new LineReader());
    pipeline.fireChannelRead(new Line()).fireChannelRead(new LongLine());

    expect(logger.fields).toMatchObject([
      { reader: 'lines reads Line: it passed this on, or stands before the handler that fired it' },
      { reader: 'lines reads LongLine: it passed this on, or stands before the handler that fired it' },
    ]);
  });

  it('is named where the list does not have it', () => {
    const { pipeline, logger } = logged();
    pipeline
      .fireChannelRead(new Line())
      .fireChannelRead({})
      .fireChannelRead('text')
      .fireChannelRead(undefined);

    expect(logger.fields).toMatchObject([
      { reader: 'none of these handlers says that it reads Line; LineReader would' },
      { reader: 'none of these handlers says that it reads Object' },
      { reader: 'none of these handlers says that it reads String; LineReader would' },
      { reader: 'none of these handlers says that it reads undefined' },
    ]);
  });
});

it('D-14: takes every other event in silence', () => {
  const logger = new MemoryLogger();
  const { pipeline } = new TestChannel({ logger });
  pipeline.fireUserEventTriggered({}).fireChannelActive().fireChannelInactive();
  pipeline.fireChannelReadComplete().fireChannelWritabilityChanged();

  expect(logger.lines).toEqual([]);
});

class Line {}

class LongLine extends Line {}

class LineReader implements ChannelInboundHandler<Line> {
  channelRead(ctx: ChannelHandlerContext<Line>, line: Line): void {
    ctx.fireChannelRead(line);
  }
}
declareMessages(LineReader, { reads: [Line, String], fires: [] });

function logged() {
  const logger = new MemoryLogger();
  const channel = new TestChannel({ logger });
  channel.register(channel.loop);
  return { pipeline: channel.pipeline, logger };
}
