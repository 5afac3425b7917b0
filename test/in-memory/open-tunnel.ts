import { HttpServerCodecOptions } from '@sluice/codec-http';
import { WriteStallOptions } from '@sluice/handler-idle-state';
import { rawOrigin } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect } from 'vitest';
import { referenceGateway } from './reference-gateway.ts';

export const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';
export const CONNECT = 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n';
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';

/** A client and a server with an open tunnel between them. */
export async function openTunnel(request: string, status: number, modules: readonly ContainerModule[] = []) {
  const { origin, ...asked } = await askForTunnel(request, {}, modules);
  const [server] = origin.connections;
  if (server === undefined) throw new Error('There is no connection to the origin.');
  if (status === 101) server.send(SWITCHING);
  expect(asked.client.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\n\r\n$`));
  return { ...asked, server };
}

/** The request for one, on its way. */
export async function askForTunnel(request: string, options = {}, modules: readonly ContainerModule[] = []) {
  const origin = rawOrigin();
  const { gateway, lines } = await referenceGateway(origin, {
    options,
    routes: [{ prefix: '/', origin: 'origin', connect: true }],
    modules: [
      ...modules,
      new ContainerModule(({ bind }) => {
        bind(HttpServerCodecOptions).toConstantValue({ ...new HttpServerCodecOptions(), allowConnect: true });
        bind(WriteStallOptions).toConstantValue({ timeoutMs: 0 });
      }),
    ],
  });
  const client = gateway.connectRaw();
  client.send(request);
  return { gateway, client, origin, lines };
}
