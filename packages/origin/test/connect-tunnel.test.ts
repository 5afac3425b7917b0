import { describe, expect, it } from 'vitest';
import type { UpstreamPolicyInput } from '../src/index.ts';
import { bytes, leftOf, NOTHING_LEFT, proxyTo, sent } from './support.ts';

const CONNECT = { method: 'CONNECT', target: 'db.test:5432', authority: 'db.test:5432' };

describe('a CONNECT', () => {
  it('is answered when a server is connected, which gets the bytes of the client and nothing else', () => {
    const { client, upstream, connector } = connect();
    expect(client.response).toBeUndefined();
    const channel = connector.attempt(0).succeed();
    expect(client.response).toMatchObject({ status: 200, opensTunnel: true });
    upstream.tunnel(bytes('question'));
    expect(sent(channel)).toBe('');
    upstream.flush();
    channel.writeInbound(bytes('answer'));

    expect(sent(channel)).toBe('question');
    expect(client.body).toBe('answer');
  });

  it('names the server in the context, and counts as a request and a connection while it is open', () => {
    const { request, upstream, connector, origin } = connect();
    connector.attempt(0).succeed();
    expect(request.context).toMatchObject({ upstreamHost: '10.0.0.1:80', upstreamAttempts: 1 });
    expect(origin.resources).toMatchObject({ requests: 1, connections: 1 });
    expect(origin.servers[0]?.activeRequests).toBe(1);
    upstream.end(false);

    expect(connector.attempt(0).channel.isOpen).toBe(false);
    expect(origin.servers[0]?.activeRequests).toBe(0);
    expect(leftOf({ origin, connector })).toEqual(NOTHING_LEFT);
  });

  it('ends with the server’s end, once', () => {
    const { client, upstream, connector, origin } = connect();
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes('last words'));
    channel.endInput();
    connector.turn();
    upstream.tunnel(bytes('too late'));
    upstream.end(true);

    expect(client).toMatchObject({ body: 'last words', isTunnelEnded: true, error: undefined });
    expect(leftOf({ origin, connector })).toEqual(NOTHING_LEFT);
  });

  it('lets a client that has ended its sending hear the server', () => {
    const { client, upstream, connector } = connect();
    const channel = connector.attempt(0).succeed();
    upstream.tunnel(bytes('bye'));
    upstream.endTunnel();
    connector.turn();
    channel.writeInbound(bytes('well, bye'));

    expect(sent(channel)).toBe('bye');
    expect(client).toMatchObject({ body: 'well, bye', isTunnelEnded: false });
  });

  it.each<[string, UpstreamPolicyInput, number]>([
    ['the origin’s time', {}, 300_000],
    ['the route’s time', { idleTimeoutMs: 5_000 }, 5_000],
  ])('ends when nothing has passed for %s', (_, policy, idleMs) => {
    const { client, upstream, connector, origin } = connect({ policy });
    connector.attempt(0).succeed();
    connector.clock.advance(idleMs - 1);
    upstream.tunnel(bytes('still here'));
    connector.clock.advance(idleMs - 1);
    expect(client.isTunnelEnded).toBe(false);
    connector.clock.advance(1);

    expect(client.isTunnelEnded).toBe(true);
    expect(leftOf({ origin, connector })).toEqual(NOTHING_LEFT);
  });

  it('pauses the server while the client takes no more', () => {
    const { client, upstream, connector } = connect();
    const channel = connector.attempt(0).succeed();
    client.isWritable = false;
    channel.writeInbound(bytes('much'));
    expect(channel.areReadsPaused).toBe(true);
    upstream.downstreamWritabilityChanged(true);

    expect(channel.areReadsPaused).toBe(false);
  });

  it('is a 502 when no server can be connected, after another one was tried', () => {
    const { client, connector, origin } = connect({ servers: 2 });
    connector.attempt(0).fail('ECONNREFUSED');
    connector.turn();
    expect(client.error).toBeUndefined();
    connector.attempt(1).fail('ECONNREFUSED');
    connector.turn();

    expect(client.error).toMatchObject({ status: 502, flag: 'UF' });
    expect(connector.attempts).toHaveLength(2);
    expect(leftOf({ origin, connector })).toEqual(NOTHING_LEFT);
  });

  it('is given up when the client goes before the server is connected', () => {
    const { client, upstream, connector, origin } = connect();
    upstream.end(false);
    connector.turn();

    expect(connector.attempt(0).channel.isOpen).toBe(false);
    expect(client).toMatchObject({ response: undefined, error: undefined });
    expect(leftOf({ origin, connector })).toEqual(NOTHING_LEFT);
  });

  it.each([
    ['requests', { maxRequests: 1 }, { status: 503, flag: 'UO', reason: 'connection_limit_reached' }],
    ['connections', { maxConnections: 1 }, { status: 503, flag: 'UO', reason: 'connection_limit_reached' }],
  ])('is within the limit of %s', (_, options, error) => {
    const proxy = proxyTo(options);
    proxy.open(CONNECT);
    proxy.connector.attempt(0).succeed();

    expect(proxy.open(CONNECT).client.error).toMatchObject(error);
  });
});

function connect({ servers = 1, policy }: { servers?: number; policy?: UpstreamPolicyInput } = {}) {
  const { connector, origin, open } = proxyTo({}, { servers, ...(policy && { policy }) });
  return { connector, origin, ...open(CONNECT) };
}
