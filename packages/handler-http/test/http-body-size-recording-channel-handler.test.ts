import { HttpContent, HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import {
  CompleteEvent,
  HTTP_BODY_SIZES,
  HttpBodySizeRecordingChannelHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import { describe, expect, it } from 'vitest';
import { answer, GET, POST_HEAD, response } from './support.ts';

describe('HttpBodySizeRecordingChannelHandler', () => {
  it('counts the bytes of both bodies without their framing', () => {
    const { channel } = open();
    channel.writeInbound(
      Buffer.from(
        'POST / HTTP/1.1\r\nhost: o\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
      ),
    );
    channel.writeOutbound(response(), new HttpContent(Buffer.from('hello')));

    expect(channel.attr(HTTP_BODY_SIZES).get()).toMatchObject({ inbound: 5, outbound: 5 });
  });

  it('shows the sizes to every handler at the end, then forgets them', () => {
    const { channel, atEnd } = open();
    channel.writeInbound(Buffer.concat([POST_HEAD, Buffer.alloc(100_000)]));
    answer(channel);

    expect(atEnd).toEqual(['100000 in, 2 out']);
    expect(channel.attr(HTTP_BODY_SIZES).get()).toMatchObject({ inbound: 0, outbound: 0 });
  });

  it('starts from zero with each request', () => {
    const { channel, atEnd } = open();
    for (let count = 0; count < 2; count++) {
      channel.writeInbound(GET);
      answer(channel);
    }

    expect(atEnd).toEqual(['0 in, 2 out', '0 in, 2 out']);
  });

  it('keeps the numbers of channels apart', () => {
    const handler = new HttpBodySizeRecordingChannelHandler();
    const channels = [1, 2].map((length) => {
      const channel = new EmbeddedChannel(handler);
      channel.writeInbound(new HttpContent(Buffer.alloc(length)));
      return channel;
    });

    expect(channels.map((channel) => channel.attr(HTTP_BODY_SIZES).get()?.inbound)).toEqual([1, 2]);
  });
});

function open(): { channel: EmbeddedChannel; atEnd: string[] } {
  const atEnd: string[] = [];
  const reading: ChannelHandler = {
    channelRead: () => {},
    userEventTriggered: (ctx: ChannelHandlerContext, event: object) => {
      const sizes = ctx.channel.attr(HTTP_BODY_SIZES).get();
      if (event instanceof CompleteEvent) atEnd.push(`${sizes?.inbound} in, ${sizes?.outbound} out`);
    },
  };
  const channel = new EmbeddedChannel(
    new HttpServerCodec(),
    new HttpServerLifecycleChannelHandler(),
    new HttpBodySizeRecordingChannelHandler(),
    reading,
  );
  return { channel, atEnd };
}
