import { describe, expect, it } from 'vitest';
import { CONNECT, openTunnel, UPGRADE } from './open-tunnel.ts';

describe.each([
  ['an upgrade', UPGRADE, 101],
  ['CONNECT', CONNECT, 200],
])('a tunnel by %s', (_, request, status) => {
  it('that the server has reset is reset at the client, and told of as a failure of the server', async () => {
    const { gateway, client, server, lines } = await openTunnel(request, status);
    server.reset();
    gateway.advance(1);

    expect(client.end).toBe('reset');
    expect(lines).toEqual([
      expect.objectContaining({
        status,
        statusCategory: 'FAILURE_ORIGIN_RESET_CONNECTION',
        responseFlags: 'UC',
        responseCodeDetails: 'upstream_reset_after_response_started{connection_terminated}',
      }),
    ]);
  });

  it('that the client has reset is reset at the server, and told of as cancelled', async () => {
    const { gateway, client, server, lines } = await openTunnel(request, status);
    client.reset();
    gateway.advance(1);

    expect(server.end).toBe('reset');
    expect(lines).toEqual([
      expect.objectContaining({
        status,
        statusCategory: 'FAILURE_CLIENT_CANCELLED',
        responseFlags: 'DC',
        responseCodeDetails: 'downstream_remote_disconnect',
      }),
    ]);
  });

  it('that the server has ended in order ends so at the client', async () => {
    const { gateway, client, server, lines } = await openTunnel(request, status);
    server.send('bye').finish();
    gateway.advance(1);

    expect(client.received).toMatch(/bye$/);
    expect(client.end).toBe('ended');
    client.finish();
    gateway.advance(1);
    expect(lines).toEqual([
      expect.objectContaining({ status, statusCategory: 'SUCCESS', responseFlags: null }),
    ]);
  });

  it('that the gateway closes ends in order on both sides', async () => {
    const { gateway, client, server } = await openTunnel(request, status);
    await gateway.stop();

    expect(client.end).toBe('ended');
    expect(server.end).toBe('ended');
  });
});
