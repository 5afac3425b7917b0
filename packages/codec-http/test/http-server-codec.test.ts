import { ChannelOption, EmbeddedChannel } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import type { HttpServerCodecOptions } from '../src/index.ts';
import {
  HttpContent,
  HttpEncodeError,
  HttpHeaders,
  HttpRequest,
  HttpResponse,
  HttpServerCodec,
  LastHttpContent,
  countAllocatedParsers,
} from '../src/index.ts';
import { bytes } from './support.ts';

const H = 'Host: a\r\n\r\n';
const CONNECT = 'CONNECT db:5432 HTTP/1.1\r\nHost: db:5432\r\n\r\n';

describe('HttpServerCodec', () => {
  it('writes a small response as one buffer', () => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);

    channel.writeOutbound(
      new HttpResponse({ status: 200, headers: HttpHeaders.of([['X-A', '1']]), contentLength: 5 }),
      new HttpContent(bytes('hello')),
      LastHttpContent.EMPTY,
    );

    expect(written(channel)).toEqual(['HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX-A: 1\r\n\r\nhello']);
  });

  it('writes a small chunk with its framing, and the trailers', () => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);

    channel.writeOutbound(
      new HttpResponse({ status: 200 }),
      new LastHttpContent(bytes('hello'), HttpHeaders.of([['X-T', '1']])),
    );

    expect(written(channel)).toEqual([
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n',
    ]);
  });

  it('does not copy a body of more than 2 KiB', () => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);
    const body = Buffer.alloc(2049, 'x');

    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 2049 }), new LastHttpContent(body));

    expect(channel.outboundMessages()[1]).toBe(body);
  });

  it('streams: what is held goes out with a flush', () => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);

    channel.writeOutbound(new HttpResponse({ status: 200 }));
    expect(written(channel)).toEqual(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n']);
    channel.writeOutbound(new HttpContent(bytes('ab')));
    expect(written(channel)).toEqual(['2\r\nab\r\n']);
    channel.writeOutbound(LastHttpContent.EMPTY);
    expect(written(channel)).toEqual(['0\r\n\r\n']);
  });

  it('completes the promise of what is held with the bytes that carry it', () => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);

    const head = channel.writeOneOutbound(new HttpResponse({ status: 200, contentLength: 2 }));
    const last = channel.writeOneOutbound(new LastHttpContent(bytes('ok')));
    expect([head.isDone, last.isDone]).toEqual([false, false]);
    channel.flushOutbound();

    expect([head.isSuccess, last.isSuccess]).toEqual([true, true]);
  });

  it.each([
    ['GET', 200, {}, 'transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    ['GET', 200, { framing: 'none' }, 'content-length: 0\r\n\r\n'],
    ['HEAD', 200, { contentLength: 2 }, 'content-length: 2\r\n\r\n'],
    ['HEAD', 200, {}, '\r\n'],
    ['GET', 204, { contentLength: 2 }, '\r\n'],
    ['GET', 205, { contentLength: 2 }, 'content-length: 0\r\n\r\n'],
    ['GET', 304, { contentLength: 2 }, 'content-length: 2\r\n\r\n'],
    ['GET', 304, {}, '\r\n'],
    ['GET', 200, { contentLength: 2, keepAlive: false }, 'content-length: 2\r\nconnection: close\r\n\r\nok'],
  ] as const)('frames the response to %s with %i and %j', (method, status, init, rest) => {
    const channel = open(`${method} / HTTP/1.1\r\n${H}`);
    const response = new HttpResponse({ status, reason: 'R', ...init });

    if ('framing' in init) channel.writeOutbound(response, LastHttpContent.EMPTY);
    else channel.writeOutbound(response, new LastHttpContent(bytes('ok')));

    expect(written(channel).join('')).toBe(`HTTP/1.1 ${status} R\r\n${rest}`);
  });

  it.each([
    ['1.1', '', true, ''],
    ['1.1', 'Connection: close\r\n', true, 'connection: close\r\n'],
    ['1.1', '', false, 'connection: close\r\n'],
    ['1.0', '', true, 'connection: close\r\n'],
    ['1.0', 'Connection: keep-alive\r\n', true, 'connection: keep-alive\r\n'],
    ['1.0', 'Connection: keep-alive\r\n', false, 'connection: close\r\n'],
  ])('tells a client of HTTP/%s with %j whether the connection stays', (version, field, keepAlive, line) => {
    const channel = open(`GET / HTTP/${version}\r\n${field}${H}`);

    channel.writeOutbound(
      new HttpResponse({ status: 200, contentLength: 0, keepAlive }),
      LastHttpContent.EMPTY,
    );

    expect(written(channel)).toEqual([`HTTP/1.1 200 OK\r\ncontent-length: 0\r\n${line}\r\n`]);
  });

  it('ends a body of unknown length to HTTP/1.0 with the connection', () => {
    const channel = open(`GET / HTTP/1.0\r\nConnection: keep-alive\r\n${H}`);
    const response = new HttpResponse({ status: 200 });

    channel.writeOutbound(response, new LastHttpContent(bytes('ok')));

    expect(written(channel)).toEqual(['HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok']);
    expect(response.keepAlive).toBe(false);
    expect(channel.isOpen).toBe(false);
  });

  it('sends interim responses, but not to HTTP/1.0', () => {
    const current = open(`HEAD / HTTP/1.1\r\n${H}`);
    current.writeOutbound(new HttpResponse({ status: 103 }), LastHttpContent.EMPTY);
    current.writeOutbound(new HttpResponse({ status: 200, contentLength: 9 }), LastHttpContent.EMPTY);
    expect(written(current).join('')).toBe(
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n',
    );

    const old = open(`GET / HTTP/1.0\r\n${H}`);
    old.writeOutbound(new HttpResponse({ status: 103 }), LastHttpContent.EMPTY);
    expect(written(old)).toEqual([]);
  });

  it.each([
    ['longer', 'abc'],
    ['shorter', 'a'],
  ])('closes instead of sending a body that is %s than announced', (_what, body) => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);
    const head = channel.writeOneOutbound(new HttpResponse({ status: 200, contentLength: 2 }));

    const last = channel.writeOneOutbound(new LastHttpContent(bytes(body)));

    expect(head.cause).toBeInstanceOf(HttpEncodeError);
    expect(last.cause).toBeInstanceOf(HttpEncodeError);
    expect(channel.isOpen).toBe(false);
    expect(written(channel)).toEqual([]);
  });

  it('fails what is written out of order and stays usable', () => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);

    expect(channel.writeOneOutbound(new HttpContent(bytes('x'))).cause).toBeInstanceOf(HttpEncodeError);
    expect(channel.writeOneOutbound(bytes('raw')).cause).toBeInstanceOf(HttpEncodeError);
    channel.writeOneOutbound(new HttpResponse({ status: 200, contentLength: 0 }));
    expect(channel.writeOneOutbound(new HttpResponse({ status: 500 })).cause).toBeInstanceOf(HttpEncodeError);
    channel.writeOutbound(LastHttpContent.EMPTY);

    expect(written(channel)).toEqual(['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n']);
    expect(channel.writeOneOutbound(LastHttpContent.EMPTY).cause).toBeInstanceOf(HttpEncodeError);
  });

  it('takes one request at a time, in order, and a failure in its turn', () => {
    const channel = open(`GET /1 HTTP/1.1\r\n${H}GET /2 HTTP/1.1\r\n${H}BAD\x01\r\n`);
    const seen: string[] = [];

    for (let i = 0; i < 3; i++) {
      seen.push(...targets(channel));
      channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 0 }), LastHttpContent.EMPTY);
    }

    expect(seen).toEqual(['/1', '/2', '/bad-request http1.bad_request_line']);
    expect(written(channel).at(-1)).toContain('connection: close');
    channel.writeInbound(bytes(`GET /4 HTTP/1.1\r\n${H}`));
    expect(targets(channel)).toEqual([]);
  });

  it('pauses reads while more than 16 KiB wait, and gives every pause back', () => {
    const channel = new PauseCounter(new HttpServerCodec());
    const long = `X: ${'x'.repeat(9_000)}\r\n${H}`;
    channel.writeInbound(bytes(`GET /1 HTTP/1.1\r\n${H}GET /2 HTTP/1.1\r\n${long}`));
    expect(channel.pauses).toBe(0);

    channel.writeInbound(bytes(`GET /3 HTTP/1.1\r\n${long}`));
    channel.writeInbound(bytes('GET /4'));
    expect(channel.pauses).toBe(1);
    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 0 }), LastHttpContent.EMPTY);
    expect(channel.pauses).toBe(0);
    channel.writeInbound(bytes(long));
    expect(channel.pauses).toBe(1);
    channel.close();

    expect(channel.pauses).toBe(0);
  });

  it('closes when a request that was answered early turns out to be broken', () => {
    const channel = open(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${H}1\r\na\r\n`);
    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 0 }), LastHttpContent.EMPTY);

    channel.writeInbound(bytes('zz\r\n'));

    expect(channel.isOpen).toBe(false);
  });

  it('does not read the next request from within the write that ends a response', () => {
    const channel = open(`GET /1 HTTP/1.1\r\n${H}GET /2 HTTP/1.1\r\n${H}`);
    targets(channel);
    let during: string[] = [];

    channel.eventLoop.execute(() => {
      channel.write(new HttpResponse({ status: 200, contentLength: 0 }));
      channel.write(LastHttpContent.EMPTY);
      during = targets(channel);
    });
    channel.runPendingTasks();

    expect(during).toEqual([]);
    expect(targets(channel)).toEqual(['/2']);
  });

  it('reads the rest of a request that was answered early before the next', () => {
    const channel = open('POST /1 HTTP/1.1\r\nContent-Length: 4\r\nHost: a\r\n\r\nab');
    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 0 }), LastHttpContent.EMPTY);

    channel.writeInbound(bytes(`cdGET /2 HTTP/1.1\r\n${H}`));

    expect(targets(channel)).toEqual(['/1', '/2']);
  });

  it('reports a request that is cut off, as far as it can be answered', () => {
    const inHead = open('GET / HT', true);
    inHead.endInput();
    expect(targets(inHead)).toEqual(['/bad-request http1.truncated_head']);

    const inBody = open('POST / HTTP/1.1\r\nContent-Length: 4\r\nHost: a\r\n\r\nab', true);
    inBody.endInput();
    expect(inBody.inboundMessages().at(-1)).toMatchObject({
      failure: { reason: 'http1.truncated_body', status: 400 },
    });

    const closed = open('GET / HT');
    closed.close();
    expect(closed.inboundMessages()).toEqual([]);

    const closedInBody = open('POST / HTTP/1.1\r\nContent-Length: 4\r\nHost: a\r\n\r\nab');
    closedInBody.close();
    expect(closedInBody.inboundMessages().at(-1)).toMatchObject({
      failure: { reason: 'http1.truncated_body' },
    });
  });

  it('answers what was received before the client ended its side, and says that it closes', () => {
    const channel = open(`GET /1 HTTP/1.1\r\n${H}GET /2 HTTP/1.1\r\n${H}`, true);
    channel.endInput();

    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 0 }), LastHttpContent.EMPTY);
    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 0 }), LastHttpContent.EMPTY);

    expect(targets(channel)).toEqual(['/1', '/2']);
    expect(written(channel).map((text) => text.includes('connection: close'))).toEqual([false, true]);
  });

  it('passes bytes both ways after a 101, first those that had waited', () => {
    const channel = open(`GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n${H}early`);
    expect(targets(channel)).toEqual(['/']);

    channel.writeOutbound(new HttpResponse({ status: 101, upgrade: 'websocket' }), bytes('raw'));
    channel.writeInbound(bytes('late'));

    expect(written(channel)).toEqual([
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      'raw',
    ]);
    expect(channel.inboundMessages().map(String)).toEqual(['early', 'late']);
  });

  it('refuses a 101 that the client did not ask for', () => {
    const channel = open(`GET / HTTP/1.1\r\n${H}`);

    const write = channel.writeOneOutbound(new HttpResponse({ status: 101, upgrade: 'websocket' }));

    expect(write.cause).toBeInstanceOf(HttpEncodeError);
  });

  it('opens a tunnel with a 2xx to CONNECT, without framing fields, and holds what comes before', () => {
    const channel = open(`${CONNECT}early`, false, { allowConnect: true });
    channel.writeInbound(bytes(' bytes'));
    expect(targets(channel)).toEqual(['db:5432']);

    channel.writeOutbound(new HttpResponse({ status: 200, contentLength: 5, acceptsConnect: true }));
    channel.writeOutbound(bytes('raw'));
    channel.writeInbound(bytes('late'));

    expect(written(channel)).toEqual(['HTTP/1.1 200 OK\r\n\r\n', 'raw']);
    expect(channel.inboundMessages().map(String)).toEqual(['early bytes', 'late']);
  });

  it('closes after a CONNECT that was refused: what follows is not read as a request', () => {
    const channel = open(`${CONNECT}GET /smuggled HTTP/1.1\r\n${H}`, false, { allowConnect: true });

    channel.writeOutbound(new HttpResponse({ status: 403, contentLength: 0 }), LastHttpContent.EMPTY);
    channel.writeInbound(bytes(`GET /later HTTP/1.1\r\n${H}`));

    expect(written(channel)).toEqual([
      'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
    ]);
    expect(targets(channel)).toEqual(['db:5432']);
  });

  it.each([
    ['a 2xx to CONNECT with a body', CONNECT, { status: 200, contentLength: 2 }],
    ['a tunnel to what is no CONNECT', `GET / HTTP/1.1\r\n${H}`, { status: 200, acceptsConnect: true }],
  ])('refuses %s', (_, request, response) => {
    const channel = open(request, false, { allowConnect: true });

    expect(channel.writeOneOutbound(new HttpResponse(response)).cause).toBeInstanceOf(HttpEncodeError);
  });

  it('sends a response to a request that never came, and ends there', () => {
    const channel = open('GET / HTT');

    channel.writeOutbound(new HttpResponse({ status: 408, contentLength: 0 }), LastHttpContent.EMPTY);
    channel.writeInbound(bytes(`P/1.1\r\n${H}`));

    expect(written(channel)).toEqual([
      'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
    ]);
    expect(targets(channel)).toEqual([]);
  });

  it('frees its parser and fails what it holds when the channel closes', () => {
    const before = countAllocatedParsers();
    const channel = new EmbeddedChannel(new HttpServerCodec());
    channel.writeInbound(bytes(`GET / HTTP/1.1\r\n${H}GET`));
    expect(countAllocatedParsers()).toBe(before + 1);
    const head = channel.writeOneOutbound(new HttpResponse({ status: 200 }));

    channel.close();

    expect(countAllocatedParsers()).toBe(before);
    expect(head.isSuccess).toBe(false);
    expect(head.isDone).toBe(true);
  });

  it('frees its parser when it leaves the pipeline', () => {
    const before = countAllocatedParsers();
    const codec = new HttpServerCodec();
    const channel = new EmbeddedChannel(codec);
    channel.writeInbound(bytes('GET'));

    channel.pipeline.remove(codec);

    expect(countAllocatedParsers()).toBe(before);
  });
});

class PauseCounter extends EmbeddedChannel {
  pauses = 0;

  override pauseReads(): void {
    this.pauses++;
    super.pauseReads();
  }

  override resumeReads(): void {
    this.pauses--;
    super.resumeReads();
  }
}

function open(
  input: string,
  halfClosure = false,
  options?: Partial<HttpServerCodecOptions>,
): EmbeddedChannel {
  const channel = new EmbeddedChannel(new HttpServerCodec(options));
  channel.config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
  channel.writeInbound(bytes(input));
  return channel;
}

function written(channel: EmbeddedChannel): string[] {
  const texts: string[] = [];
  for (let message = channel.readOutbound<Buffer>(); message; message = channel.readOutbound<Buffer>()) {
    if (message.length > 0) texts.push(message.toString('latin1'));
  }
  return texts;
}

function targets(channel: EmbeddedChannel): string[] {
  const seen: string[] = [];
  for (let message = channel.readInbound(); message !== undefined; message = channel.readInbound()) {
    if (message instanceof HttpRequest) seen.push([message.target, message.failure?.reason].join(' ').trim());
  }
  return seen;
}
