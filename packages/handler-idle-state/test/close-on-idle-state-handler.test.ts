import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { CloseOnIdleStateHandler, IdleStateEvent, IdleStateHandler } from '@sluice/handler-idle-state';
import { handlerOptions } from '@sluice/inject';
import { expect, it } from 'vitest';

it('closes a channel that is quiet for the whole idle time', () => {
  const channel = new EmbeddedChannel(
    new IdleStateHandler({ allIdleMs: 1_000 }),
    new CloseOnIdleStateHandler(),
  );
  channel.clock.advance(900);
  channel.writeInbound('bytes');
  channel.clock.advance(900);
  expect(channel.isActive).toBe(true);
  channel.clock.advance(100);

  expect(channel.isActive).toBe(false);
});

it('lets the handlers behind it answer first', () => {
  const answers: ChannelHandler = {
    userEventTriggered: (ctx: ChannelHandlerContext) => ctx.writeAndFlush('504'),
  };
  const channel = new EmbeddedChannel(
    new IdleStateHandler({ allIdleMs: 1_000 }),
    new CloseOnIdleStateHandler(),
    answers,
  );
  channel.clock.advance(1_000);

  expect(channel.readOutbound()).toBe('504');
  expect(channel.isActive).toBe(false);
});

it('tells once of each channel that it closes', () => {
  const closed: unknown[] = [];
  const handler = new CloseOnIdleStateHandler({ onClose: (channel, event) => closed.push(channel, event) });
  const channel = new EmbeddedChannel(new IdleStateHandler({ allIdleMs: 1_000 }), handler);
  channel.clock.advance(10_000);

  expect(closed).toEqual([channel, IdleStateEvent.FIRST_ALL_IDLE]);
});

it('passes other events on and stays out of their way', () => {
  const events: object[] = [];
  const spy: ChannelHandler = { userEventTriggered: (_ctx: never, event: object) => void events.push(event) };
  const channel = new EmbeddedChannel(new CloseOnIdleStateHandler(), spy);
  const event = new Date(0);
  channel.pipeline.fireUserEventTriggered(event);

  expect(events).toEqual([event]);
  expect(channel.isActive).toBe(true);
});

it('may serve many channels, and belongs after the IdleStateHandler', () => {
  const handler = new CloseOnIdleStateHandler();
  const channels = [new EmbeddedChannel(handler), new EmbeddedChannel(handler)];

  expect(channels.map((channel) => channel.pipeline.names().length)).toEqual([1, 1]);
  expect(handlerOptions(CloseOnIdleStateHandler)).toMatchObject({
    sharable: true,
    after: [IdleStateHandler],
  });
});
