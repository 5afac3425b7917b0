import type { ChannelHandlerContext } from '@sluice/core';
import { ChannelOption, EmbeddedChannel } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import {
  HttpClientCodec,
  HttpContent,
  HttpDecodeError,
  HttpEncodeError,
  HttpHeaders,
  HttpRequest,
  HttpResponse,
  LastHttpContent,
  countAllocatedParsers,
} from '../src/index.ts';
import type { HttpRequestInit } from '../src/index.ts';
import { bytes } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const UNTIL_CLOSE = 'HTTP/1.1 200 OK\r\n\r\nhel';

describe('HttpClientCodec', () => {
  it.each([
    [{}, 'GET /a?b HTTP/1.1\r\nHost: o.test:80\r\n\r\n'],
    [
      { method: 'POST', contentLength: 0 },
      'POST /a?b HTTP/1.1\r\nHost: o.test:80\r\ncontent-length: 0\r\n\r\n',
    ],
    [{ keepAlive: false }, 'GET /a?b HTTP/1.1\r\nHost: o.test:80\r\nconnection: close\r\n\r\n'],
    [
      { upgrade: 'websocket' },
      'GET /a?b HTTP/1.1\r\nHost: o.test:80\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    ],
    [
      { headers: HttpHeaders.of([['X-A', '1']]), framing: 'chunked', expectsContinue: true },
      'GET /a?b HTTP/1.1\r\nHost: o.test:80\r\ntransfer-encoding: chunked\r\nexpect: 100-continue\r\nX-A: 1\r\n\r\n0\r\n\r\n',
    ],
  ] satisfies (readonly [Partial<HttpRequestInit>, string])[])('writes a request with %j', (init, text) => {
    const { channel } = open();

    channel.writeOutbound(request(init), LastHttpContent.EMPTY);

    expect(written(channel)).toBe(text);
  });

  it('keeps requests and responses in step, past interim ones', () => {
    const { channel, codec } = open();
    channel.writeOutbound(
      request({ method: 'HEAD' }),
      LastHttpContent.EMPTY,
      request({}),
      LastHttpContent.EMPTY,
    );
    expect(codec.isReusable).toBe(false);

    channel.writeInbound(
      bytes(
        `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 103 Early\r\n\r\n${OK}`,
      ),
    );

    expect(received(channel)).toEqual(['100', '200', 'end ', '103', '200', 'end ok']);
    expect(codec.isReusable).toBe(true);
  });

  it.each([
    ['an answer', OK, true],
    ['Connection: close', `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    [
      'HTTP/1.0 with keep-alive',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
      true,
    ],
    ['a failure', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', false],
    ['half an answer', OK.slice(0, -1), false],
  ])('knows after %s whether the connection can be used again', (_what, text, isReusable) => {
    const { channel, codec } = open();
    channel.writeOutbound(request({}), LastHttpContent.EMPTY);

    channel.writeInbound(bytes(text));

    expect(codec.isReusable).toBe(isReusable);
  });

  it('is not reusable while the request is not fully written', () => {
    const { channel, codec } = open();
    channel.writeOutbound(request({ method: 'POST', contentLength: 5 }), new HttpContent(bytes('ab')));

    channel.writeInbound(bytes(OK));

    expect(received(channel)).toEqual(['200', 'end ok']);
    expect(codec.isReusable).toBe(false);
  });

  it('is known not to be reusable when the end of a response with surplus bytes is read', () => {
    const states: boolean[] = [];
    const codec = new HttpClientCodec();
    const channel = new EmbeddedChannel(codec, {
      channelRead: (_ctx: ChannelHandlerContext, message: unknown) => {
        if (message instanceof LastHttpContent) states.push(codec.isReusable);
      },
      exceptionCaught: () => {},
    });
    channel.writeOutbound(request({}), LastHttpContent.EMPTY);

    channel.writeInbound(bytes(`${OK}EXTRA`));

    expect(states).toEqual([false]);
  });

  it('takes no bytes for a response that come before any of the request has left', () => {
    const { channel, codec, errors } = open();
    channel.write(request({}));
    channel.write(LastHttpContent.EMPTY);
    channel.writeInbound(bytes(OK));
    channel.flush();

    expect(received(channel)).toEqual([]);
    expect(errors).toMatchObject([{ reason: 'http1.unsolicited_response' }]);
    expect(codec.isReusable).toBe(false);
  });

  it.each([
    ['surplus bytes', OK + OK, 'http1.surplus_bytes'],
    ['surplus bytes in a later read', OK, 'http1.unsolicited_response'],
  ])('reports %s once and reads no more', (_what, first, reason) => {
    const { channel, codec, errors } = open();
    channel.writeOutbound(request({}), LastHttpContent.EMPTY);

    channel.writeInbound(bytes(first));
    channel.writeInbound(bytes(OK));
    channel.writeInbound(bytes(OK));

    expect(received(channel)).toEqual(['200', 'end ok']);
    expect(errors).toMatchObject([{ reason, status: 502, source: 'upstream' }]);
    expect(errors[0]).toBeInstanceOf(HttpDecodeError);
    expect(codec.isReusable).toBe(false);
  });

  it('reports a response that can not be read once, whatever follows it', () => {
    const { channel, codec, errors } = open();
    channel.writeOutbound(request({}), LastHttpContent.EMPTY);

    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\nx: \u0001'));
    channel.writeInbound(bytes('\r\n\r\n'));

    expect(received(channel)[0]).toMatch(/^502 /);
    expect(errors).toEqual([]);
    expect(codec.isReusable).toBe(false);
  });

  it('reports a response that never came', () => {
    const { channel } = open();
    channel.writeOutbound(request({}), LastHttpContent.EMPTY);

    channel.close();

    expect(received(channel)).toEqual(['502 http1.truncated_head', 'end ']);
  });

  it('says nothing when the server ends an idle connection', () => {
    const { channel } = open();
    channel.writeOutbound(request({}), LastHttpContent.EMPTY);
    channel.writeInbound(bytes(OK));
    received(channel);

    channel.close();

    expect(channel.inboundMessages()).toEqual([]);
  });

  it('takes the end of the input, and not that of the connection, for the end of a body', () => {
    const ended = open(true);
    ended.channel.writeOutbound(request({}), LastHttpContent.EMPTY);
    ended.channel.writeInbound(bytes(UNTIL_CLOSE));
    ended.channel.endInput();
    expect(received(ended.channel)).toEqual(['200', 'content hel', 'end ']);
    expect(ended.codec.isReusable).toBe(false);

    const broken = open(true);
    broken.channel.writeOutbound(request({}), LastHttpContent.EMPTY);
    broken.channel.writeInbound(bytes(UNTIL_CLOSE));
    broken.channel.close();
    expect(received(broken.channel)).toEqual(['200', 'content hel', 'end  http1.truncated_body']);
  });

  it('passes bytes both ways after a 101', () => {
    const { channel, codec } = open();
    channel.writeOutbound(request({ upgrade: 'websocket' }), LastHttpContent.EMPTY);
    written(channel);

    channel.writeInbound(
      bytes('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nhi'),
    );
    channel.writeInbound(bytes('there'));
    channel.writeOutbound(bytes('raw'));

    expect(received(channel)).toEqual(['101', 'hi', 'there']);
    expect(written(channel)).toBe('raw');
    expect(codec.isReusable).toBe(false);
  });

  it('refuses bytes before a switch of protocols', () => {
    const { channel } = open();

    expect(channel.writeOneOutbound(bytes('raw')).cause).toBeInstanceOf(HttpEncodeError);
  });

  it('frees its parser when the channel closes', () => {
    const before = countAllocatedParsers();
    const { channel } = open();
    channel.writeOutbound(request({}), LastHttpContent.EMPTY);
    channel.writeInbound(bytes(OK));
    expect(countAllocatedParsers()).toBe(before + 1);

    channel.close();

    expect(countAllocatedParsers()).toBe(before);
  });
});

function open(halfClosure = false): { channel: EmbeddedChannel; codec: HttpClientCodec; errors: unknown[] } {
  const codec = new HttpClientCodec();
  const errors: unknown[] = [];
  const channel = new EmbeddedChannel(codec, {
    exceptionCaught: (_ctx: ChannelHandlerContext, cause: unknown) => void errors.push(cause),
  });
  channel.config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
  return { channel, codec, errors };
}

function request(init: Partial<HttpRequestInit>): HttpRequest {
  return new HttpRequest({ method: 'GET', target: '/a?b', authority: 'o.test:80', ...init });
}

function written(channel: EmbeddedChannel): string {
  let text = '';
  for (let message = channel.readOutbound<Buffer>(); message; message = channel.readOutbound<Buffer>()) {
    text += message.toString('latin1');
  }
  return text;
}

function received(channel: EmbeddedChannel): string[] {
  const seen: string[] = [];
  for (let message = channel.readInbound(); message !== undefined; message = channel.readInbound()) {
    seen.push(describeMessage(message));
  }
  return seen;
}

function describeMessage(message: unknown): string {
  if (message instanceof HttpResponse) return [message.status, message.failure?.reason].join(' ').trim();
  if (message instanceof LastHttpContent) {
    const text = `end ${message.data.toString()}`;
    return message.failure === undefined ? text : `${text} ${message.failure.reason}`;
  }
  return message instanceof HttpContent ? `content ${message.data.toString()}` : String(message);
}
