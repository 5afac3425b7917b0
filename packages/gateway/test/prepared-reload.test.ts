import { HttpServerCodec } from '@sluice/codec-http';
import { handlerList, silentLogger } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import { Gateway } from '../src/index.ts';
import type { GatewayDeclaration } from '../src/index.ts';

const ANY_PORT: SocketAddress = { host: '127.0.0.1', port: 0 };
const HANDLERS = handlerList(
  HttpServerCodec,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);

it('is in use with its commit, and not before', async () => {
  const gateway = await started();
  const prepared = await gateway.prepareReload(declaring('b'));

  expect(gateway.getOrigin('b')).toBeUndefined();
  prepared.commit();
  expect(gateway.getOrigin('b')?.name).toBe('b');
  expect(gateway.getOrigin('a')).toBeUndefined();
});

it('is made in one turn of the event loop and ready in another, for requests to go on between', async () => {
  const gateway = await started();
  const turns: string[] = [];
  const modules = [new ContainerModule(() => void turns.push('made'))];
  const preparing = gateway.prepareReload({ ...declaring('b'), modules });
  setImmediate(() => {
    turns.push('others');
    setImmediate(() => turns.push('others'));
  });

  await preparing;
  turns.push('ready');

  expect(turns).toEqual(['others', 'made', 'others', 'ready']);
});

it('leaves everything as it was when it is discarded', async () => {
  const gateway = await started();
  const [before, addresses] = [gateway.getOrigin('a'), gateway.addresses];
  const listener = { address: ANY_PORT, handlers: HANDLERS };
  const prepared = await gateway.prepareReload({ ...declaring('b'), listeners: [listener, listener] });

  await prepared.discard();
  await prepared.discard();

  expect(gateway.getOrigin('a')).toBe(before);
  expect(gateway.addresses).toEqual(addresses);
  expect(() => prepared.commit()).toThrow('A reload that is over or was discarded can not be committed.');
});

it('has the next reload wait for its end', async () => {
  const gateway = await started();
  const prepared = await gateway.prepareReload(declaring('b'));
  const next = gateway.reload(declaring('c'));

  prepared.commit();
  expect(gateway.getOrigin('b')?.name).toBe('b');
  await next;
  expect(gateway.getOrigin('c')?.name).toBe('c');
});

it('lets the next reload go on when it was refused or discarded', async () => {
  const gateway = await started();
  await expect(
    gateway.prepareReload({ ...declaring('b'), routes: [{ origin: 'nobody' }] }),
  ).rejects.toThrow();
  await (await gateway.prepareReload(declaring('b'))).discard();

  await gateway.reload(declaring('c'));

  expect(gateway.getOrigin('c')?.name).toBe('c');
});

it('is discarded by a stop', async () => {
  const gateway = await started();
  const prepared = await gateway.prepareReload(declaring('b'));

  await gateway.stop();

  expect(gateway.addresses).toEqual([]);
  expect(() => prepared.commit()).toThrow(expect.objectContaining({ code: 'SLUICE_GATEWAY_STATE' }));
});

async function started(): Promise<Gateway> {
  const gateway = new Gateway(declaring('a'));
  onTestFinished(() => gateway.stop());
  await gateway.start();
  return gateway;
}

function declaring(origin: string): GatewayDeclaration {
  return {
    listeners: [{ address: ANY_PORT, handlers: HANDLERS }],
    origins: [{ name: origin, servers: [{ host: '127.0.0.1', port: 1 }] }],
    logger: silentLogger,
  };
}
