import { HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import {
  ConnectionCloseEvent,
  Http1ConnectionCloseHandler,
  Http1ConnectionExpiryHandler,
  Http1ConnectionExpiryOptions,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';

import { describe, expect, it } from 'vitest';
import { answer, Events, GET, response, sent } from './support.ts';

describe('Http1ConnectionExpiryHandler', () => {
  it('announces the close in the last response that a connection may serve, and closes after it', () => {
    const { channel, events } = open({ maxRequests: 2 });
    exchange(channel);
    expect(sent(channel)).not.toContain('close');
    exchange(channel);

    expect(sent(channel)).toContain('connection: close');
    channel.endInput();
    expect(channel.isOpen).toBe(false);
    expect(events.of(ConnectionCloseEvent)).toEqual([ConnectionCloseEvent.graceful('EXPIRATION')]);
  });

  it('does not count interim responses', () => {
    const { channel } = open({ maxRequests: 2 });
    channel.writeInbound(GET);
    channel.writeOutbound(
      response({ status: 100, framing: 'none' }),
      response({ status: 103, framing: 'none' }),
    );
    answer(channel);

    expect(sent(channel)).not.toContain('close');
    expect(channel.isOpen).toBe(true);
  });

  it('expires with the first response at its age, with a random part added', () => {
    const { channel } = open({ maxAgeMs: 1_000, maxAgeJitterMs: 100, random: () => 0.5 });
    channel.clock.advance(1_049);
    exchange(channel);
    expect(channel.isOpen).toBe(true);
    channel.clock.advance(1);
    exchange(channel);

    expect(sent(channel)).toContain('connection: close');
    channel.endInput();
    expect(channel.isOpen).toBe(false);
  });

  it('leaves an old connection alone while it is quiet', () => {
    const { channel } = open({ maxAgeMs: 1_000 });
    channel.clock.advance(1_000_000);

    expect(channel.isOpen).toBe(true);
  });

  it('never expires a connection without limits', () => {
    const { channel, events } = open({ maxRequests: 0, maxAgeMs: 0 });
    channel.clock.advance(10_000_000);
    for (let count = 0; count < 20; count++) exchange(channel);

    expect(events.of(ConnectionCloseEvent)).toEqual([]);
  });

  it('has limits of its own', () => {
    expect({ ...new Http1ConnectionExpiryOptions() }).toMatchObject({
      maxRequests: 10_000,
      maxAgeMs: 1_200_000,
      maxAgeJitterMs: 20_000,
    });
  });
});

function open(options: Partial<Http1ConnectionExpiryOptions>) {
  const events = new Events();
  const sink: ChannelHandler = { channelRead: () => {} };
  const channel = new EmbeddedChannel(
    new HttpServerCodec(),
    new Http1ConnectionCloseHandler(),
    new Http1ConnectionExpiryHandler(options),
    new HttpServerLifecycleChannelHandler(),
    events,
    sink,
  );
  return { channel, events };
}

function exchange(channel: EmbeddedChannel): void {
  channel.writeInbound(GET);
  answer(channel);
}
