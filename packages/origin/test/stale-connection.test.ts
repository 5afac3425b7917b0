import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import { bytes, proxyTo, sent } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi';

describe('a kept connection that ends as a request is sent on it', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('lets a %s without a body go once more', (method) => {
    const { connector, client, channel } = onKeptConnection({ method });
    channel.endInput();
    connector.turn();
    const next = connector.attempt(1).succeed();

    expect(sent(next)).toMatch(new RegExp(`^${method} /a `));
    next.writeInbound(bytes('HTTP/1.1 204 No Content\r\n\r\n'));
    expect(client.response?.status).toBe(204);
    expect(client.error).toBeUndefined();
  });

  it('and speaks before the request has left lets any request go to another one', () => {
    const { connector, open } = proxyTo();
    const first = open();
    first.upstream.content(LastHttpContent.EMPTY);
    const kept = connector.attempt(0).succeed();
    kept.writeInbound(bytes(OK));
    connector.turn();
    // What comes with the head alone is not flushed before the turn ends.
    const { client, upstream } = open({ method: 'POST', framing: 'chunked' });
    kept.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nEVIL'));
    connector.turn();
    upstream.content(new LastHttpContent(bytes('body')));
    const next = connector.attempt(1).succeed();
    connector.turn();
    expect(sent(next)).toMatch(/^POST /);
    next.writeInbound(bytes(OK));

    expect(client.body).toBe('hi');
    expect(kept.isOpen).toBe(false);
  });

  it('leaves the connection of the second try fit for the next request', () => {
    const { connector, open, channel } = onKeptConnection();
    channel.endInput();
    connector.turn();
    const next = connector.attempt(1).succeed();
    next.writeInbound(bytes(OK));
    connector.turn();
    sent(next);
    open().upstream.content(LastHttpContent.EMPTY);

    expect(sent(next)).toMatch(/^GET/);
    expect(connector.attempts).toHaveLength(2);
  });

  it('is followed by a new one, not by another that was kept', () => {
    const { connector, open, channel } = onKeptConnection();
    open().upstream.content(LastHttpContent.EMPTY);
    connector.attempt(1).succeed().writeInbound(bytes(OK));
    connector.turn();
    channel.endInput();
    connector.turn();

    expect(connector.attempts).toHaveLength(3);
  });

  it('is tried once and not again', () => {
    const { connector, client, channel } = onKeptConnection();
    channel.endInput();
    connector.turn();
    connector.attempt(1).succeed().endInput();
    connector.turn();

    expect(client.error).toMatchObject({ status: 502, reason: 'connection_terminated' });
    expect(connector.attempts).toHaveLength(2);
  });

  it('is not followed by another kept connection that ends in the same turn', () => {
    const { connector, open } = proxyTo();
    const [first, second] = [open(), open()];
    const channels = [connector.attempt(0).succeed(), connector.attempt(1).succeed()];
    for (const { upstream } of [first, second]) upstream.content(LastHttpContent.EMPTY);
    for (const channel of channels) channel.writeInbound(bytes(OK));
    connector.turn();
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    channels[1]?.endInput();
    connector.loop.execute(() => channels[0]?.endInput());
    connector.turn();
    connector.attempt(2).succeed().writeInbound(bytes(OK));

    expect(client.error).toBeUndefined();
    expect(client.body).toBe('hi');
  });

  it('is not tried again when the client has gone meanwhile', () => {
    const { connector, upstream, channel } = onKeptConnection();
    channel.endInput();
    upstream.end(false);
    connector.turn();

    expect(connector.attempts).toHaveLength(1);
  });

  it.each<[string, Partial<HttpRequestInit>]>([
    ['a POST', { method: 'POST' }],
    ['a PATCH', { method: 'PATCH' }],
    ['a PUT with a body', { method: 'PUT', contentLength: 3 }],
    ['an upgrade', { upgrade: 'websocket' }],
  ])('ends %s with 502', (_what, init) => {
    const { connector, client, channel } = onKeptConnection(init);
    channel.endInput();
    connector.turn();

    expect(client.error).toMatchObject({ status: 502, reason: 'connection_terminated' });
    expect(connector.attempts).toHaveLength(1);
  });

  it.each([
    ['a part of a head', 'HTTP/1.1 2', 'connection_terminated'],
    ['an interim response', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'connection_terminated'],
    ['what is no response', 'SSH-2.0-OpenSSH\r\n', 'http_protocol_error'],
  ])('ends a GET with 502 when it has brought %s', (_what, received, reason) => {
    const { connector, client, channel } = onKeptConnection();
    channel.writeInbound(bytes(received));
    if (channel.isOpen) channel.endInput();
    connector.turn();

    expect(client.error).toMatchObject({ status: 502, reason });
    expect(connector.attempts).toHaveLength(1);
  });

  it('ends a GET with 502 when it was a new one', () => {
    const { connector, open } = proxyTo();
    const { client, upstream } = open();
    upstream.content(LastHttpContent.EMPTY);
    connector.attempt(0).succeed().endInput();
    connector.turn();

    expect(client.error).toMatchObject({ status: 502 });
    expect(connector.attempts).toHaveLength(1);
  });
});

/** A request that was sent on a connection that has served one before. */
function onKeptConnection(init: Partial<HttpRequestInit> = {}) {
  const proxy = proxyTo();
  proxy.open().upstream.content(LastHttpContent.EMPTY);
  const channel = proxy.connector.attempt(0).succeed();
  channel.writeInbound(bytes(OK));
  proxy.connector.turn();
  const opened = proxy.open(init);
  const body = init.contentLength === undefined ? [] : [new HttpContent(bytes('abc'))];
  for (const chunk of [...body, LastHttpContent.EMPTY]) opened.upstream.content(chunk);
  return { ...proxy, ...opened, channel };
}

describe('a server that says how long it keeps a connection', () => {
  it.each([
    ['timeout=5', 3_999, 1],
    ['timeout=5', 4_000, 2],
    ['max=100, Timeout = "5"', 4_000, 2],
    ['timeout=1', 0, 2],
    ['max=100', 20_000, 1],
    ['timeout=5x5, max=timeout', 3_999, 1],
  ])('is asked on another one from a second before its end: %s, after %i ms', (value, ms, connections) => {
    const { connector, open } = proxyTo();
    open().upstream.content(LastHttpContent.EMPTY);
    connector
      .attempt(0)
      .succeed()
      .writeInbound(bytes(`HTTP/1.1 200 OK\r\nKeep-Alive: ${value}\r\ncontent-length: 2\r\n\r\nhi`));
    connector.turn();
    connector.clock.advance(ms);
    connector.turn();
    open({ method: 'POST' });

    expect(connector.attempts).toHaveLength(connections);
  });

  it('has its connection closed before it does so itself', () => {
    const { connector, open } = proxyTo();
    open().upstream.content(LastHttpContent.EMPTY);
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\ncontent-length: 2\r\n\r\nhi'));
    connector.turn();
    connector.clock.advance(3_999);
    const isKept = channel.isOpen;
    connector.clock.advance(1);
    connector.turn();

    expect(isKept).toBe(true);
    expect(channel.isOpen).toBe(false);
  });
});
