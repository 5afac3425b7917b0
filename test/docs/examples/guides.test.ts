import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handlerList } from '@sluice/core';
import { findShadowedRoutes, RouteTable } from '@sluice/router';
import { LEAST_HANDLERS, fakeOrigin, testGateway } from '@sluice/testing';
import { SourceAddressChannelHandler } from '@sluice/handler-connection';
import { StripUntrustedProxyHeadersHandler } from '@sluice/handler-http';
import { expect, it, onTestFinished } from 'vitest';
import { proxy } from './coming-from-http-proxy/proxy.ts';
import { shop } from './routing/shop.ts';
import { behindProxies } from './security/behind-a-proxy.ts';
import { tuned, tunedOrigin } from './tuning/tuned.ts';

const [codec, lifecycle, ...others] = LEAST_HANDLERS;
const WITH_STRIP = handlerList(codec, lifecycle, StripUntrustedProxyHeadersHandler, ...others);
const CLIENT = { host: '10.9.0.1', port: 40_000 };

it('routes as the guide of routing says', async () => {
  const [cart, orders, live, pages] = [fakeOrigin(), fakeOrigin(), fakeOrigin(), fakeOrigin()];
  const gateway = await testGateway({ ...shop, origins: { cart, orders, live, pages } });
  onTestFinished(() => gateway.stop());
  const ask = (target: string, host = 'www.shop.example') => gateway.request({ target, host });

  expect((await ask('/healthz')).text).toBe('ok\n');
  await ask('/cart/1');
  expect(cart.requests[0]?.target).toBe('/v2/cart/1');
  await ask('/users/7/orders');
  expect(orders.requests).toHaveLength(1);
  await ask('/carts');
  expect(pages.requests).toHaveLength(1);
  expect((await ask('/a', 'shop.test')).headers.get('location')).toBe('https://shop.example/a');
  expect(findShadowedRoutes(new RouteTable(shop))).toEqual([]);
});

it.each([
  ['10.0.0.0/8', '192.0.2.7, 10.9.0.1'],
  ['172.16.0.0/12', '10.9.0.1'],
])('believes the proxies in %s alone', async (network, forwardedFor) => {
  const app = fakeOrigin();
  const gateway = await testGateway({
    handlers: [SourceAddressChannelHandler, ...WITH_STRIP],
    modules: [behindProxies([network])],
    origins: { app },
  });
  onTestFinished(() => gateway.stop());
  await gateway.connect(CLIENT).request({ headers: { 'x-forwarded-for': '192.0.2.7' } });

  expect(app.requests[0]?.headers.get('x-forwarded-for')).toBe(forwardedFor);
});

it('takes the options of the guide of tuning', async () => {
  const { options } = tunedOrigin;
  const gateway = await testGateway({
    modules: [tuned],
    origins: { api: { servers: [fakeOrigin({ body: 'ok' })], ...(options && { options }) } },
  });
  onTestFinished(() => gateway.stop());

  expect((await gateway.request()).text).toBe('ok');
});

it('does what http-proxy was asked for', async () => {
  const target = createServer(({ url, headers }, response) => void response.end(`${url} ${headers.host}`));
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const targetPort = (target.address() as AddressInfo).port;
  const gateway = proxy(0, targetPort);
  await gateway.start();
  onTestFinished(async () => {
    await gateway.stop();
    target.close();
  });
  const [address] = gateway.addresses;
  const base = `http://127.0.0.1:${address && 'port' in address ? address.port : 0}`;

  expect(await (await fetch(`${base}/api/users`)).text()).toBe(`/v1/users 127.0.0.1:${targetPort}`);
  expect(await (await fetch(`${base}/other`)).text()).toContain('/other 127.0.0.1:');
});
