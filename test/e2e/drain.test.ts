import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { refused } from './support/refused.ts';
import { spawnGateway } from './support/spawn-gateway.ts';
import type { GatewayProcess } from './support/spawn-gateway.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { askUntil } from './support/steady-client.ts';
import { dial } from './support/wire.ts';
import type { Wire } from './support/wire.ts';

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('SIGTERM', { timeout: 20_000 }, () => {
  it('lets the request in flight end, takes no new connection, and ends with 0', async () => {
    const { gateway, client, origin } = await inFlight();
    gateway.kill('SIGTERM');
    await refused(gateway.port);
    origin.send(OK);

    await client.take(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*connection: close\r\n(?:.*\r\n)*\r\nok$/i);
    expect(await client.ended).toBe('fin');
    client.socket.end();
    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toContain('"forced":0');
  });

  it('answers one more request of an idle client, and tells it of the close', async () => {
    const gateway = await spawnGateway(['--to', `http://127.0.0.1:${await okOrigin()}`]);
    const client = await dial(gateway.port);
    await client.send(GET).take(/\r\n\r\nok$/);
    gateway.kill('SIGTERM');
    await refused(gateway.port);

    const [response] = await client.send(GET).take(/^[^]*\r\n\r\nok$/);

    expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n/i);
    client.socket.end();
    expect(await gateway.exit()).toBe(0);
  });

  it('closes what has not ended in time, and says how many', async () => {
    const { gateway, client } = await inFlight(['--drain-timeout-ms', '50']);
    gateway.kill('SIGTERM');

    await client.ended;
    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toContain('"forced":1');
  });

  it('ends the program at once when it comes twice', async () => {
    const { gateway } = await inFlight();
    gateway.kill('SIGTERM');
    await refused(gateway.port);
    gateway.kill('SIGTERM');

    expect(await gateway.exit()).toBe(143);
  });
});

it('a rolling restart under load loses no request', { timeout: 30_000 }, async () => {
  const origin = await okOrigin();
  let { gateway, port } = await startGateway(origin);
  const isOver = { value: false };
  const clients = Array.from({ length: 16 }, () => askUntil(isOver, () => port));
  const drains = [];
  for (let restart = 0; restart < 4; restart++) {
    await requests(200);
    const old = gateway;
    ({ gateway, port } = await startGateway(origin));
    drains.push(old.drain());
  }
  const reports = await Promise.all(drains);
  isOver.value = true;
  const counts = await Promise.all(clients);

  expect(reports.map(({ forced }) => forced)).toEqual([0, 0, 0, 0]);
  expect(counts.reduce((sum, { lost }) => sum + lost, 0)).toBe(0);
  expect(counts.reduce((sum, { answered }) => sum + answered, 0)).toBeGreaterThan(800);

  async function requests(count: number): Promise<void> {
    const client = await dial(port);
    for (let left = count; left > 0; left--) await client.send(GET).take(/\r\n\r\nok$/);
    client.socket.destroy();
  }
});

function okOrigin(): Promise<number> {
  return startHttpOrigin((_request, response) => response.end('ok'));
}

/** A gateway with a request on its way. */
async function inFlight(
  args: readonly string[] = [],
): Promise<{ gateway: GatewayProcess; client: Wire; origin: Wire }> {
  const server = await RawOrigin.listen();
  const gateway = await spawnGateway(['--to', `http://127.0.0.1:${server.port}`, ...args]);
  const client = await dial(gateway.port);
  client.send(GET);
  const origin = await server.connection();
  await origin.take(/\r\n\r\n$/);
  return { gateway, client, origin };
}
