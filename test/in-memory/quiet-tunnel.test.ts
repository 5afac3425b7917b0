import { describe, expect, it } from 'vitest';
import { askForTunnel, CONNECT, openTunnel, UPGRADE } from './open-tunnel.ts';

const IDLE_MS = 65_000;
const TUNNEL_IDLE_MS = 300_000;

describe.each([
  ['an upgrade', UPGRADE, 101],
  ['CONNECT', CONNECT, 200],
])('a tunnel by %s', (_, request, status) => {
  it('may be quiet for the time of the origin’s options, whatever the idle time of a connection', async () => {
    const { gateway, client, server } = await openTunnel(request, status);

    gateway.advance(TUNNEL_IDLE_MS - 1);
    expect(client.end).toBe('open');
    server.send('still there');
    expect(client.received).toMatch(/still there$/);
    gateway.advance(TUNNEL_IDLE_MS - 1);
    expect(client.end).toBe('open');
    gateway.advance(1);

    expect(client.end).toBe('ended');
    expect(server.end).not.toBe('open');
  });

  it('that has ended is idle like any connection while its client does not take the rest', async () => {
    const { gateway, client, server } = await openTunnel(request, status);
    client.pause();
    server.send(Buffer.alloc(300_000)).finish();
    expect(gateway.gateway.connectionCount).toBe(1);

    gateway.advance(TUNNEL_IDLE_MS + IDLE_MS);

    expect(gateway.gateway.connectionCount).toBe(0);
  });
});

it('counts the silence before the 101 of a server as that of any request', async () => {
  const { gateway, client } = await askForTunnel(UPGRADE, { responseTimeoutMs: TUNNEL_IDLE_MS });

  gateway.advance(IDLE_MS);

  expect(client.received).toMatch(/^HTTP\/1\.1 504 /);
});
