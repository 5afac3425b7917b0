import { ChannelOption, EmbeddedChannel } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { HttpResponse, HttpServerCodec, LastHttpContent } from '../src/index.ts';
import { bytes } from './support.ts';

describe('a request that is answered before it has ended', () => {
  it('is read on behind a response that ends with its connection, which is closed behind it', () => {
    const channel = upload('1.0');
    channel.writeOutbound(new HttpResponse({ status: 413 }), new LastHttpContent(bytes('no')));
    expect([channel.isOpen, channel.isWritable]).toEqual([true, false]);

    channel.writeInbound(bytes('cd'));

    expect(channel.isOpen).toBe(false);
  });

  it('closes no channel whose response ends with it before that was sent', () => {
    const channel = upload('1.0');
    channel.writeOneOutbound(new HttpResponse({ status: 413 }));
    channel.writeOneOutbound(new LastHttpContent(bytes('no')));

    channel.endInput();
    expect(channel.isOpen).toBe(true);
    channel.flushOutbound();

    expect(sent(channel)).toMatch(/\r\n\r\nno$/);
    expect(channel.isOpen).toBe(false);
  });

  it('is answered whole when it turns out to be broken, though the client was to go on', () => {
    const channel = upload('1.1');
    channel.writeOneOutbound(new HttpResponse({ status: 200, contentLength: 2 }));
    channel.writeOneOutbound(new LastHttpContent(bytes('ok')));

    channel.endInput();

    expect(sent(channel)).toMatch(/\r\n\r\nok$/);
    expect(channel.isOpen).toBe(false);
  });

  it('leaves the end of the connection to who has said that it ends', () => {
    const channel = upload('1.1');
    channel.writeOneOutbound(new HttpResponse({ status: 413, contentLength: 2, keepAlive: false }));
    channel.writeOneOutbound(new LastHttpContent(bytes('no')));

    channel.endInput();
    channel.flushOutbound();

    expect(sent(channel)).toMatch(/\r\n\r\nno$/);
    expect(channel.isOpen).toBe(true);
  });
});

function upload(version: string): EmbeddedChannel {
  const channel = new EmbeddedChannel(new HttpServerCodec());
  channel.config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  channel.writeInbound(bytes(`POST / HTTP/${version}\r\nHost: a\r\nContent-Length: 4\r\n\r\nab`));
  return channel;
}

function sent(channel: EmbeddedChannel): string {
  return Buffer.concat(channel.outboundMessages() as Buffer[]).toString('latin1');
}
