import { HttpClientCodec, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { CompleteEvent, HttpClientLifecycleChannelHandler } from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { Events, request } from './support.ts';

const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

describe('HttpClientLifecycleChannelHandler', () => {
  it('starts with the head of a request and ends with the last content of its response', () => {
    const { channel, events } = open();
    channel.writeOutbound(request({ target: '/a' }));
    expect(events.lifecycle).toBe('start /a');
    channel.writeOutbound(LastHttpContent.EMPTY);
    channel.writeInbound(RESPONSE.subarray(0, -1));
    expect(events.lifecycle).toBe('start /a');
    channel.writeInbound(RESPONSE.subarray(-1));

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
    expect(events.of(CompleteEvent)[0]).toMatchObject({ isRequestComplete: true, response: { status: 200 } });
  });

  it('serves one exchange after the other', () => {
    const { channel, events } = open();
    for (const target of ['/a', '/b']) {
      channel.writeOutbound(request({ target }), LastHttpContent.EMPTY);
      channel.writeInbound(RESPONSE);
    }

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a, start /b, SESSION_COMPLETE /b');
  });

  it('does not end with an interim response, and ends with the head of a 101', () => {
    const { channel, events } = open();
    channel.writeOutbound(request({ target: '/a', upgrade: 'websocket' }), LastHttpContent.EMPTY);
    channel.writeInbound(Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'));
    expect(events.lifecycle).toBe('start /a');
    channel.writeInbound(
      Buffer.from('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    );
    channel.writeInbound(Buffer.from('tunnel'));

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
  });

  it('tells when the response came before the request was written whole', () => {
    const { channel, events } = open();
    channel.writeOutbound(request({ method: 'POST', contentLength: 4 }));
    channel.writeInbound(RESPONSE);

    expect(events.of(CompleteEvent)[0]).toMatchObject({
      reason: 'SESSION_COMPLETE',
      isRequestComplete: false,
    });
  });

  it.each([
    ['INACTIVE', (channel: EmbeddedChannel) => channel.endInput()],
    ['CLOSE', (channel: EmbeddedChannel) => channel.close()],
    ['DISCONNECT', (channel: EmbeddedChannel) => channel.disconnect()],
    ['EXCEPTION', (channel: EmbeddedChannel) => channel.pipeline.fireExceptionCaught(new Error('reset'))],
  ] as const)('ends with %s, once, when there is no response', (reason, act) => {
    const events = new Events();
    const sink: ChannelHandler = { channelRead: () => {}, exceptionCaught: () => {} };
    const handlers = [new HttpClientLifecycleChannelHandler(), events, sink];
    const channel = new EmbeddedChannel({ handlers, hasDisconnect: true });
    channel.writeOutbound(request({ target: '/a' }), LastHttpContent.EMPTY);
    act(channel);
    channel.close();

    expect(events.lifecycle).toBe(`start /a, ${reason} /a`);
  });

  it('ends with EXCEPTION when the response is refused or cut', () => {
    const { channel, events } = open();
    channel.writeOutbound(request({ target: '/a' }), LastHttpContent.EMPTY);
    channel.writeInbound(RESPONSE.subarray(0, -1));
    channel.endInput();

    expect(events.lifecycle).toBe('start /a, EXCEPTION /a');
  });

  it('ends with SESSION_COMPLETE when the receiver closes the connection at the last content', () => {
    const events = new Events();
    const closing: ChannelHandler = {
      channelRead: (ctx: ChannelHandlerContext, message: unknown) => {
        if (message instanceof LastHttpContent) ctx.close();
      },
    };
    const channel = new EmbeddedChannel(
      new HttpClientCodec(),
      new HttpClientLifecycleChannelHandler(),
      events,
      closing,
    );
    channel.writeOutbound(request({ target: '/a' }), LastHttpContent.EMPTY);
    channel.writeInbound(RESPONSE);

    expect(events.lifecycle).toBe('start /a, SESSION_COMPLETE /a');
  });

  it('refuses a request while the response to another is awaited', () => {
    const { channel, events } = open();
    channel.writeOutbound(request({ target: '/a' }), LastHttpContent.EMPTY);
    const second = channel.writeOneOutbound(request({ target: '/b' }));

    expect(second.cause).toMatchObject({ code: 'SLUICE_HTTP_EXCHANGE_OPEN' });
    expect(events.lifecycle).toBe('start /a');
  });

  it('passes on what does not belong to an exchange', () => {
    const channel = new EmbeddedChannel(new HttpClientLifecycleChannelHandler());
    channel.writeInbound(LastHttpContent.EMPTY, 'other');

    expect(channel.inboundMessages()).toEqual([LastHttpContent.EMPTY, 'other']);
  });
});

function open(): { channel: EmbeddedChannel; events: Events } {
  const events = new Events();
  const lifecycle = new HttpClientLifecycleChannelHandler();
  return { channel: new EmbeddedChannel(new HttpClientCodec(), lifecycle, events), events };
}
