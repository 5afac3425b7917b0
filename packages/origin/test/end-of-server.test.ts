import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import { bytes, leftOf, NOTHING_LEFT, proxyTo, sent } from './support.ts';

describe('the end of a server that reads no more, with bytes of the request waiting for it', () => {
  it('completes a response that ends with its connection', () => {
    const proxy = uploadThatStalls();
    const { channel, client, connector } = proxy;
    channel.writeInbound(bytes('HTTP/1.1 413 Content Too Large\r\nconnection: close\r\n\r\nToo much.'));
    channel.endInput();
    connector.turn();

    expect(client.response?.status).toBe(413);
    expect(client).toMatchObject({ body: 'Too much.', isComplete: true, error: undefined });
    expect(channel.isOpen).toBe(false);
    expect(proxy.metrics.pool.outboundIncomplete.value).toBe(1);
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });

  it.each([
    ['none of its response', ''],
    ['a part of it', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nh'],
  ])('fails the request when it has sent %s', (_, received) => {
    const proxy = uploadThatStalls();
    const { channel, client, connector } = proxy;
    if (received !== '') channel.writeInbound(bytes(received));
    channel.endInput();
    connector.turn();

    expect(client.error).toMatchObject({ status: 502, reason: 'connection_terminated' });
    expect(channel.isOpen).toBe(false);
    expect(leftOf(proxy)).toEqual(NOTHING_LEFT);
  });

  it('ends a tunnel when they have gone', () => {
    const { connector, client, channel } = tunnelThatStalls();
    channel.endInput();
    connector.turn();
    expect(client.isTunnelEnded).toBe(false);
    channel.readOn();
    connector.turn();

    expect(sent(channel)).toBe('bye');
    expect(client.isTunnelEnded).toBe(true);
    expect(channel.isOpen).toBe(false);
  });

  it('ends a tunnel in order when the server resets them', () => {
    const { connector, client, channel } = tunnelThatStalls();
    channel.endInput();
    channel.pipeline.fireExceptionCaught(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    connector.turn();

    expect(client).toMatchObject({ isTunnelEnded: true, error: undefined });
  });
});

function tunnelThatStalls() {
  const proxy = proxyTo();
  const opened = proxy.open({ upgrade: 'websocket' });
  opened.upstream.content(LastHttpContent.EMPTY);
  const channel = proxy.connector.attempt(0).succeed();
  channel.writeInbound(bytes('HTTP/1.1 101 \r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'));
  sent(channel);
  channel.isStalled = true;
  opened.upstream.tunnel(bytes('bye'));
  opened.upstream.flush();
  return { ...proxy, ...opened, channel };
}

function uploadThatStalls() {
  const proxy = proxyTo();
  const opened = proxy.open({ method: 'POST', contentLength: 1_000_000 });
  const channel = proxy.connector.attempt(0).succeed();
  proxy.connector.turn();
  channel.isStalled = true;
  opened.upstream.content(new HttpContent(Buffer.alloc(200_000)));
  opened.upstream.flush();
  expect(opened.client.pauses).toBe(1);
  return { ...proxy, ...opened, channel };
}
