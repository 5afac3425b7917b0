import { expect, it } from 'vitest';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

// `option httpchk GET /ready` of HAProxy sends no more than this.
const CHECK = 'GET /ready HTTP/1.0\r\n\r\n';

it('the admin listener answers a health check without a Host field', async () => {
  const { adminPort } = await gatewayWith('--admin', '127.0.0.1:0');
  const check = await dial(adminPort);

  await check.send(CHECK).take(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*\r\nready\n$/);

  expect(await check.ended).toBe('fin');
});

it.each(['GET /config', 'GET /metrics', 'GET /ready/x', 'POST /drain'])(
  'the admin listener answers nothing else without one: %s',
  async (start) => {
    const { adminPort } = await gatewayWith('--admin', '127.0.0.1:0');
    const client = await dial(adminPort);

    await client.send(`${start} HTTP/1.0\r\n\r\n`).take(/^HTTP\/1\.1 400 /);
  },
);

it('takes nothing without a Host field in HTTP/1.1', async () => {
  const { adminPort } = await gatewayWith('--admin', '127.0.0.1:0');
  const client = await dial(adminPort);

  await client.send('GET /ready HTTP/1.1\r\n\r\n').take(/^HTTP\/1\.1 400 /);
});

it('a listener for clients forwards one with the host that it is told', async () => {
  const { port } = await gatewayWith('--set', 'http-server-codec.defaultHostForHttp10=Shop.example');
  const check = await dial(port);

  await check.send(CHECK).take(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*\r\nshop\.example$/);
});

it('a listener for clients refuses one by default', async () => {
  const { port } = await gatewayWith();
  const check = await dial(port);

  await check.send(CHECK).take(/^HTTP\/1\.1 400 /);
});

async function gatewayWith(...args: readonly string[]) {
  const origin = await startHttpOrigin(({ headers }, response) => response.end(headers.host));
  return startGateway(origin, {}, args);
}
