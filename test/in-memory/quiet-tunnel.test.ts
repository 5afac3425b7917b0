import { HttpServerCodecOptions } from '@sluice/codec-http';
import { WriteStallOptions } from '@sluice/handler-idle-state';
import { rawOrigin } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { describe, expect, it } from 'vitest';
import { referenceGateway } from './reference-gateway.ts';

const IDLE_MS = 65_000;
const TUNNEL_IDLE_MS = 300_000;

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';
const CONNECT = 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n';

describe.each([
  ['an upgrade', UPGRADE, 101],
  ['CONNECT', CONNECT, 200],
])('a tunnel by %s', (_, request, status) => {
  it('may be quiet for the time of the origin’s options, whatever the idle time of a connection', async () => {
    const { gateway, client, server } = await tunnel(request, status);

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
    const { gateway, client, server } = await tunnel(request, status);
    client.pause();
    server.send(Buffer.alloc(300_000)).finish();
    expect(gateway.gateway.connectionCount).toBe(1);

    gateway.advance(TUNNEL_IDLE_MS + IDLE_MS);

    expect(gateway.gateway.connectionCount).toBe(0);
  });
});

it('counts the silence before the 101 of a server as that of any request', async () => {
  const { gateway, client } = await start(UPGRADE, { responseTimeoutMs: TUNNEL_IDLE_MS });

  gateway.advance(IDLE_MS);

  expect(client.received).toMatch(/^HTTP\/1\.1 504 /);
});

async function tunnel(request: string, status: number) {
  const { gateway, client, origin } = await start(request);
  const [server] = origin.connections;
  if (server === undefined) throw new Error('There is no connection to the origin.');
  if (status === 101) server.send(SWITCHING);
  expect(client.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\n\r\n$`));
  return { gateway, client, server };
}

async function start(request: string, options = {}) {
  const origin = rawOrigin();
  const { gateway } = await referenceGateway(origin, {
    options,
    routes: [{ prefix: '/', origin: 'origin', connect: true }],
    modules: [
      new ContainerModule(({ bind }) => {
        bind(HttpServerCodecOptions).toConstantValue({ ...new HttpServerCodecOptions(), allowConnect: true });
        bind(WriteStallOptions).toConstantValue({ timeoutMs: 0 });
      }),
    ],
  });
  const client = gateway.connectRaw();
  client.send(request);
  return { gateway, client, origin };
}
