import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit } from '@sluice/codec-http';
import type { EmbeddedChannel } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { bytes, fieldsOf, proxyTo, sent } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi';
const UPLOAD: Partial<HttpRequestInit> = { method: 'POST', framing: 'chunked' };
const UPGRADE: Partial<HttpRequestInit> = { upgrade: 'websocket' };
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
const LARGE = Buffer.alloc(128 * 1024, 'x');

describe('a request to an origin', () => {
  it('is sent when the connection is there, and its response passed on', () => {
    const { connector, open } = proxyTo();
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();

    expect(sent(channel)).toMatch(/^GET \/a HTTP\/1\.1\r\nhost: example\.test\r\n/i);
    channel.writeInbound(bytes(OK));

    expect(client.response?.status).toBe(200);
    expect(client.body).toBe('hi');
    expect(client.isComplete).toBe(true);
    expect(client.response?.context.statusCategory).toBe('SUCCESS');
  });

  it.each([
    [200, 'SUCCESS'],
    [404, 'SUCCESS_NOT_FOUND'],
    [500, 'FAILURE_ORIGIN'],
    [503, 'FAILURE_ORIGIN_THROTTLED'],
  ])('with a %i ends in the category %s', (status, category) => {
    const { channel, client } = sentRequest();
    channel.writeInbound(bytes(`HTTP/1.1 ${status} x\r\ncontent-length: 0\r\n\r\n`));

    expect(client.response?.context.statusCategory).toBe(category);
  });

  it('uses the connection of the one before it', () => {
    const { connector, open, channel } = sentRequest();
    channel.writeInbound(bytes(OK));
    connector.turn();
    open().upstream.content(LastHttpContent.EMPTY);

    expect(sent(channel)).toMatch(/^GET/);
    expect(connector.attempts).toHaveLength(1);
  });

  it('sends a body as it comes, and the head without waiting for it', () => {
    const { connector, open } = proxyTo();
    const { upstream } = open(UPLOAD);
    const channel = connector.attempt(0).succeed();
    connector.turn();
    expect(sent(channel)).toMatch(/transfer-encoding: chunked\r\n[^]*\r\n\r\n$/i);
    upstream.content(new HttpContent(bytes('abc')));
    upstream.flush();

    expect(sent(channel)).toBe('3\r\nabc\r\n');
  });

  it('passes on interim responses, but not a 100, which the client has had already', () => {
    const { channel, client } = sentRequest();
    channel.writeInbound(bytes(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${OK}`));

    expect(client.interim).toEqual([103]);
    expect(client.response?.status).toBe(200);
  });

  it('has not begun its response with an interim one', () => {
    const { channel, client } = sentRequest();
    channel.writeInbound(bytes('HTTP/1.1 103 Early Hints\r\n\r\n'));
    channel.endInput();

    expect(client.interim).toEqual([103]);
    expect(client.error).toMatchObject({
      details: 'upstream_reset_before_response_started{connection_terminated}',
    });
  });

  it.each([{ keepAlive: false }, { minorVersion: 0 as const }])(
    'keeps what the client does with its connection from the origin: %o',
    (init) => {
      const { connector, open } = proxyTo();
      open(init).upstream.content(LastHttpContent.EMPTY);

      expect(sent(connector.attempt(0).succeed())).not.toMatch(/connection/i);
    },
  );

  it('keeps what the origin does with its connection from the client', () => {
    const { channel, client } = sentRequest();
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'));

    expect(client.response?.keepAlive).toBe(true);
    expect(fieldsOf(client.response?.headers ?? raise())).toEqual([]);
  });
});

describe('a request that the origin answers early', () => {
  it('gets the response; the connection is closed', () => {
    const { connector, open } = proxyTo();
    const { client, upstream } = open(UPLOAD);
    const channel = connector.attempt(0).succeed();
    connector.turn();
    channel.writeInbound(bytes('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n'));
    upstream.content(new HttpContent(bytes('more')));
    connector.turn();

    expect(client.response?.status).toBe(413);
    expect(client.isComplete).toBe(true);
    expect(client.pauses).toBe(0);
    expect(channel.isOpen).toBe(false);
  });
});

describe('back-pressure', () => {
  it('pauses the client while it sends a large body and there is no connection yet', () => {
    const { connector, open } = proxyTo();
    const { client, upstream } = open(UPLOAD);
    upstream.content(new HttpContent(LARGE));
    expect(client.pauses).toBe(1);
    connector.attempt(0).succeed();

    expect(client.pauses).toBe(0);
  });

  it('pauses the client while the origin takes no more', () => {
    const { connector, open } = proxyTo();
    const { client, upstream } = open(UPLOAD);
    const channel = connector.attempt(0).succeed();
    channel.setUserDefinedWritability(1, false);
    connector.turn();
    upstream.content(new HttpContent(bytes('abc')));
    expect(client.pauses).toBe(1);
    channel.setUserDefinedWritability(1, true);
    connector.turn();

    expect(client.pauses).toBe(0);
  });

  it('pauses the origin while the client takes no more', () => {
    const { channel, client, upstream } = sentRequest();
    client.isWritable = false;
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab'));
    expect(channel.areReadsPaused).toBe(true);
    upstream.downstreamWritabilityChanged(true);

    expect(channel.areReadsPaused).toBe(false);
  });

  it('leaves nothing paused on a connection that is given back', () => {
    const { channel, client } = sentRequest();
    client.isWritable = false;
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab'));
    channel.writeInbound(bytes('cd'));

    expect(client.isComplete).toBe(true);
    expect(channel.areReadsPaused).toBe(false);
  });
});

describe('a request that is cancelled', () => {
  it('no longer waits for a connection', () => {
    const { connector, open } = proxyTo();
    const { upstream } = open();
    upstream.end(false);
    const channel = connector.attempt(0).succeed();

    expect(sent(channel)).toBe('');
  });

  it('closes its connection, whatever comes of the response', () => {
    const { channel, client, upstream } = sentRequest();
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab'));
    upstream.end(false);

    expect(channel.isOpen).toBe(false);
    expect(client.error).toBeUndefined();
  });

  it('closes its connection too when the client was served without the rest of the response', () => {
    const { channel, upstream } = sentRequest();
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\nab'));
    upstream.end(true);

    expect(channel.isOpen).toBe(false);
  });

  it('leaves no timer', () => {
    const { connector, upstream } = sentRequest();
    upstream.end(false);
    connector.turn();

    expect(connector.clock.pendingTimers).toBe(0);
  });
});

describe('a connection that fails', () => {
  it.each([
    ['ends before the response', '', 502, 'connection_terminated'],
    ['ends within the head', 'HTTP/1.1 200 OK\r\ncont', 502, 'connection_terminated'],
    ['ends within the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab', 502, 'connection_terminated'],
    ['sends what is no response', 'SSH-2.0-OpenSSH\r\n', 502, 'http_protocol_error'],
  ])('when it %s ends the request with %s', (_how, response, status, reason) => {
    const { connector, channel, client } = sentRequest();
    if (response !== '') channel.writeInbound(bytes(response));
    if (channel.isOpen) channel.endInput();
    connector.turn();

    expect(client.error).toMatchObject({ status, reason });
    expect(channel.isOpen).toBe(false);
    expect(client.isComplete).toBe(false);
  });

  it('with an error ends the request like an end', () => {
    const { connector, channel, client } = sentRequest();
    channel.pipeline.fireExceptionCaught(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    connector.turn();

    expect(client.error).toMatchObject({ status: 502, reason: 'connection_terminated' });
    expect(channel.isOpen).toBe(false);
  });
});

describe('an origin that is silent', () => {
  it('ends the request with 504 and its connection', () => {
    const { connector, channel, client } = sentRequest({ responseTimeoutMs: 1000 });
    connector.clock.advance(999);
    expect(client.error).toBeUndefined();
    connector.clock.advance(1);
    connector.turn();

    expect(client.error).toMatchObject({ status: 504, reason: 'http_response_timeout' });
    expect(client.error).toMatchObject({ category: 'FAILURE_ORIGIN_READ_TIMEOUT' });
    expect(channel.isOpen).toBe(false);
    expect(connector.clock.pendingTimers).toBe(0);
  });

  it('has its time anew after every piece', () => {
    const { connector, channel, client } = sentRequest({ responseTimeoutMs: 1000 });
    for (const piece of ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', 'a', 'b']) {
      connector.clock.advance(900);
      channel.writeInbound(bytes(piece));
    }
    connector.clock.advance(999);
    expect(client.error).toBeUndefined();
    connector.clock.advance(1);

    expect(client.error).toMatchObject({ status: 504 });
  });

  it('is given time while the client has not sent its body', () => {
    const { connector, open } = proxyTo({ responseTimeoutMs: 1000 });
    const { client, upstream } = open(UPLOAD);
    connector.attempt(0).succeed();
    connector.clock.advance(5000);
    expect(client.error).toBeUndefined();
    upstream.content(LastHttpContent.EMPTY);
    connector.clock.advance(999);
    expect(client.error).toBeUndefined();
    connector.clock.advance(1);

    expect(client.error).toMatchObject({ status: 504 });
  });

  it('is given no time while it takes no more of a body', () => {
    const { connector, open } = proxyTo({ responseTimeoutMs: 1000 });
    const { client, upstream } = open(UPLOAD);
    connector.attempt(0).succeed().setUserDefinedWritability(1, false);
    connector.turn();
    upstream.content(new HttpContent(bytes('abc')));
    connector.clock.advance(1000);

    expect(client.error).toMatchObject({ status: 504 });
  });

  it.each(['whole', 'not whole'])(
    'is given time while bytes of a request, %s, leave its channel’s system',
    (what) => {
      const { connector, open } = proxyTo({ responseTimeoutMs: 1000 });
      const { client, upstream } = open(UPLOAD);
      const channel = connector.attempt(0).succeed();
      if (what === 'whole') upstream.content(LastHttpContent.EMPTY);
      else channel.setUserDefinedWritability(1, false);
      connector.turn();
      let underWay = 100;
      Object.defineProperty(channel, 'unacknowledgedBytes', { get: () => underWay });
      for (; underWay > 80; underWay--) connector.clock.advance(500);
      expect(client.error).toBeUndefined();
      expect(client.takes).toBeGreaterThan(9);
      connector.clock.advance(1000);
      expect(client.error).toBeUndefined();
      connector.clock.advance(1000);

      expect(client.error).toMatchObject({ status: 504 });
    },
  );

  it('is not blamed while the client takes no more of the response', () => {
    const { connector, channel, client, upstream } = sentRequest({ responseTimeoutMs: 1000 });
    client.isWritable = false;
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab'));
    connector.clock.advance(60_000);
    expect(client.error).toBeUndefined();
    upstream.downstreamWritabilityChanged(true);
    connector.clock.advance(999);
    expect(client.error).toBeUndefined();
    connector.clock.advance(1);

    expect(client.error).toMatchObject({ status: 504 });
  });
});

describe('a tunnel', () => {
  it('passes bytes both ways', () => {
    const { channel, client, upstream } = tunnel();
    channel.writeInbound(bytes('pong'));
    upstream.tunnel(bytes('ping'));
    upstream.flush();

    expect(client.body).toBe('pong');
    expect(sent(channel)).toBe('ping');
  });

  it('is closed at the client when the origin ends', () => {
    const { connector, channel, client } = tunnel();
    channel.endInput();
    connector.turn();

    expect(client.isTunnelEnded).toBe(true);
    expect(client.error).toBeUndefined();
  });

  it('may be quiet for longer than a response, but not for ever', () => {
    const { connector, channel, client } = tunnel();
    connector.clock.advance(4999);
    expect(channel.isOpen).toBe(true);
    connector.clock.advance(1);

    expect(client.isTunnelEnded).toBe(true);
    expect(client.error).toBeUndefined();
    expect(channel.isOpen).toBe(false);
  });

  function tunnel() {
    const upgraded = sentRequest({ responseTimeoutMs: 1000, tunnelIdleTimeoutMs: 5000 }, UPGRADE);
    upgraded.channel.writeInbound(bytes(SWITCHING));
    sent(upgraded.channel);
    return upgraded;
  }
});

/** A request that was sent on a new connection. */
function sentRequest(options = {}, init: Partial<HttpRequestInit> = {}) {
  const proxy = proxyTo(options);
  const opened = proxy.open(init);
  opened.upstream.content(LastHttpContent.EMPTY);
  const channel: EmbeddedChannel = proxy.connector.attempt(0).succeed();
  sent(channel);
  return { ...proxy, ...opened, channel };
}

function raise(): never {
  throw new Error('There is no response.');
}
