import { once } from 'node:events';
import type { Socket } from 'node:net';
import { HttpServerCodec } from '@sluice/codec-http';
import { silentLogger } from '@sluice/core';
import { ClientRequestReceiver, ClientResponseWriter, Filter, ZuulFilterChainHandler } from '@sluice/filters';
import type { InboundFilter } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import type { GatewayDeclaration } from '@sluice/gateway';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { startHttpOrigin } from './support/start-gateway.ts';

let [come, goOn]: (() => void)[] = [];

/** Holds each request between its route and its endpoint. */
@Filter({ type: 'inbound', name: 'hold' })
class HoldFilter implements InboundFilter {
  async apply(): Promise<void> {
    const released = new Promise<void>((resolve) => (goOn = resolve));
    come?.();
    await released;
  }
}

it('lets a request that has its route go to an origin that is gone, and then ends the connections to it', async () => {
  let socket: Socket | undefined;
  const oldPort = await startHttpOrigin((request, response) => {
    socket = request.socket;
    response.end('old');
  });
  const newPort = await startHttpOrigin((_request, response) => response.end('new'));
  const gateway = new Gateway({ ...declare('old', oldPort), filters: [HoldFilter] });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  const [address] = gateway.addresses;
  const port = address === undefined || 'path' in address ? 0 : address.port;
  const hasCome = new Promise<void>((resolve) => (come = resolve));
  const held = ask(port);
  await hasCome;
  await gateway.reload(declare('new', newPort));
  const after = await ask(port);
  goOn?.();
  const before = await held;

  expect(after.body.toString()).toBe('new');
  expect([before.status, before.body.toString()]).toEqual([200, 'old']);
  if (socket?.destroyed === false) await once(socket, 'close');
  expect(socket?.destroyed).toBe(true);
});

function declare(name: string, port: number): GatewayDeclaration {
  return {
    listeners: [
      {
        address: { host: '127.0.0.1', port: 0 },
        handlers: [
          HttpServerCodec,
          HttpServerLifecycleChannelHandler,
          ClientRequestReceiver,
          ZuulFilterChainHandler,
          ClientResponseWriter,
        ],
      },
    ],
    origins: [{ name, servers: [{ host: '127.0.0.1', port }] }],
    routes: [{ origin: name }],
    logger: silentLogger,
  };
}
