import { EmbeddedChannel, silentLogger, VirtualClock } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext, Logger } from '@sluice/core';
import {
  CHANNEL_THROTTLED,
  CONNECTION_THROTTLED_EVENT,
  LISTENER_CONNECTIONS,
  MaxInboundConnectionsHandler,
} from '@sluice/handler-connection';
import { currentPassport } from '@sluice/passport';
import fc from 'fast-check';
import { expect, it } from 'vitest';

it('closes the connection after the last allowed, and takes the next when one has gone', () => {
  const { accept } = listener(new MaxInboundConnectionsHandler({ maxConnections: 2 }));
  const [first, second, third] = [accept(), accept(), accept()];

  expect([first, second, third].map(({ isActive }) => isActive)).toEqual([true, true, false]);
  first.close();
  expect(accept().isActive).toBe(true);
});

it.each([
  [1, [true, true, false]],
  [2, [true, false, false]],
])('has its share of the limit in worker %d of two', (worker, expected) => {
  const place = { worker, workers: 2 };
  const { accept } = listener(new MaxInboundConnectionsHandler({ maxConnections: 3 }, place));
  const accepted = [accept(), accept(), accept()];

  expect(accepted.map(({ isOpen }) => isOpen)).toEqual(expected);
});

it('marks a throttled channel, and tells the handlers before it', () => {
  const events: object[] = [];
  const before: ChannelHandler = {
    userEventTriggered: (ctx: ChannelHandlerContext, event: object) => {
      events.push(event);
      ctx.fireUserEventTriggered(event);
    },
  };
  const handler = new MaxInboundConnectionsHandler({ maxConnections: 1 });
  const { accept } = listener(handler);
  const open = accept();
  const throttled = accept(before, handler);

  expect(events).toEqual([CONNECTION_THROTTLED_EVENT]);
  expect(throttled.attr(CHANNEL_THROTTLED).get()).toBe(true);
  expect(currentPassport(throttled).lastState).toBe('SERVER_CH_THROTTLING');
  expect(open.attr(CHANNEL_THROTTLED).get()).toBeUndefined();
});

it('shows the handlers after it nothing of a throttled channel, and sends the client nothing', () => {
  const seen: string[] = [];
  const handler = new MaxInboundConnectionsHandler({ maxConnections: 1 });
  const { accept } = listener(handler);
  accept();
  const staysOpen: ChannelHandler = { close: () => {} };
  const throttled = accept(staysOpen, handler, spy(seen));
  throttled.writeInbound('bytes');
  throttled.pipeline.fireExceptionCaught(new Error('reset'));
  throttled.pipeline.fireUserEventTriggered(new Date(0));
  throttled.pipeline.fireChannelWritabilityChanged();
  throttled.pipeline.remove(staysOpen);
  throttled.close();

  expect(seen).toEqual([]);
  expect(throttled.readOutbound()).toBeUndefined();
});

it('hides nothing of other channels', () => {
  const seen: string[] = [];
  const handler = new MaxInboundConnectionsHandler();
  const channel = listener(handler).accept(handler, spy(seen));
  channel.writeInbound('bytes');
  channel.close();

  expect(seen).toEqual(['active', 'read', 'read complete', 'inactive']);
});

it('counts each listener apart', () => {
  const handler = new MaxInboundConnectionsHandler({ maxConnections: 1 });
  const [http, https] = [listener(handler), listener(handler)];

  expect([http.accept(), https.accept(), https.accept()].map(({ isActive }) => isActive)).toEqual([
    true,
    true,
    false,
  ]);
  expect(http.connections()).toBe(1);
  expect(https.connections()).toBe(1);
  expect(handler.totalConnections).toBe(2);
});

it('counts all listeners together for the total', () => {
  const handler = new MaxInboundConnectionsHandler({ maxTotalConnections: 2 });
  const [http, https] = [listener(handler), listener(handler)];

  expect([http.accept(), https.accept(), http.accept()].map(({ isActive }) => isActive)).toEqual([
    true,
    true,
    false,
  ]);
});

it.each([0, -1])('takes any number with a limit of %d', (max) => {
  const { accept } = listener(
    new MaxInboundConnectionsHandler({ maxConnections: max, maxTotalConnections: max }),
  );

  expect(Array.from({ length: 50 }, () => accept().isActive)).not.toContain(false);
});

it('logs the first throttled connection, and once a second how many there were since', () => {
  const lines: unknown[] = [];
  const clock = new VirtualClock();
  const handler = new MaxInboundConnectionsHandler({ maxConnections: 1 });
  const logger = { ...silentLogger, warn: (fields: object) => void lines.push(fields) };
  const { accept } = listener(handler, logger, clock);
  for (let at = 0; at < 4; at++) accept();
  expect(lines).toMatchObject([{ throttled: 1, totalConnections: 2 }]);

  clock.advance(999);
  accept();
  expect(lines).toHaveLength(1);
  clock.advance(1);
  accept();
  expect(lines.slice(1)).toMatchObject([{ throttled: 4 }]);
});

it.each([
  [undefined, undefined, true],
  [undefined, 64, true],
  [undefined, 63, false],
  [0, 0, true],
])('with %s descriptors reserved takes a connection that leaves %s: %s', (reserved, left, isTaken) => {
  const lines: unknown[] = [];
  const options = reserved === undefined ? {} : { reservedDescriptors: reserved };
  const handler = new MaxInboundConnectionsHandler(options);
  const logger = {
    ...silentLogger,
    warn: (fields: object, message: string) => void lines.push(fields, message),
  };
  const parent = new EmbeddedChannel({ logger });
  const channel = new EmbeddedChannel({ parent, handlers: [handler], descriptorsLeft: left });

  expect(channel.isActive).toBe(isTaken);
  if (!isTaken) {
    expect(lines).toMatchObject([
      { throttled: 1, descriptorsLeft: left },
      'Too few file descriptors are left: new connections are closed until there are more.',
    ]);
  }
});

it('returns to zero whatever is opened and closed, and never lets more than the limit in', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (steps) => {
      const handler = new MaxInboundConnectionsHandler({ maxConnections: 3, maxTotalConnections: 5 });
      const listeners = [listener(handler), listener(handler)];
      const channels: EmbeddedChannel[] = [];
      for (const step of steps) {
        if (step < 6)
          channels.push(...listeners.slice(step % 2, (step % 2) + 1).map(({ accept }) => accept()));
        else channels.splice(step % Math.max(1, channels.length), 1).forEach((channel) => channel.close());
        const active = channels.filter(({ isActive }) => isActive).length;
        expect(handler.totalConnections).toBe(active);
        expect(active).toBeLessThanOrEqual(5);
      }
      for (const channel of channels) channel.close();

      expect(handler.totalConnections).toBe(0);
      expect(listeners.map(({ connections }) => connections() ?? 0)).toEqual([0, 0]);
    }),
    { numRuns: 100 },
  );
});

interface Listener {
  accept(...handlers: ChannelHandler[]): EmbeddedChannel;
  connections(): number | undefined;
}

function listener(
  handler: MaxInboundConnectionsHandler,
  logger: Logger = silentLogger,
  clock?: VirtualClock,
): Listener {
  const parent = new EmbeddedChannel({ logger });
  return {
    accept: (...handlers) =>
      new EmbeddedChannel({
        parent,
        handlers: handlers.length > 0 ? handlers : [handler],
        ...(clock && { clock }),
      }),
    connections: () => parent.attr(LISTENER_CONNECTIONS).get(),
  };
}

function spy(seen: string[]): ChannelHandler {
  return {
    channelActive: () => void seen.push('active'),
    channelInactive: () => void seen.push('inactive'),
    channelRead: () => void seen.push('read'),
    channelReadComplete: () => void seen.push('read complete'),
    channelWritabilityChanged: () => void seen.push('writability'),
    userEventTriggered: () => void seen.push('event'),
    exceptionCaught: () => void seen.push('exception'),
  };
}
