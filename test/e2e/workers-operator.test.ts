import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { GatewayProcess, spawnGateway } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const TOKEN = 'correct-horse-battery-staple';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('the admin listener of workers', { timeout: 30_000 }, () => {
  it('is that of the primary', async () => {
    const { gateway, adminPort } = await inFlight();

    const status = JSON.parse(await textOf(adminPort, '/status')) as object;

    expect(status).toMatchObject({ state: 'started', isReady: true, pid: gateway.pid });
    expect(await textOf(adminPort, '/ready')).toBe('ready\n');
    expect(await textOf(adminPort, '/live')).toBe('live\n');
  });

  it('shows all workers as one gateway', async () => {
    const { gateway, adminPort } = await twoWorkers();
    const paths = ['/1', '/2', '/3', '/4'];
    for (const path of paths) await ask(gateway.port, { path });

    const [clusters, listeners, filters, config, logging, passports] = await Promise.all(
      [
        '/clusters?format=json',
        '/listeners',
        '/filters',
        '/config',
        '/logging',
        '/passports?format=json',
      ].map(async (path) => JSON.parse(await textOf(adminPort, path)) as unknown),
    );

    expect(clusters).toMatchObject([
      {
        servers: [{ totalRequests: 4 }],
        breakers: { requests: { used: 0, max: 1024 } },
        options: { maxRequests: 1024 },
      },
    ]);
    expect(listeners).toMatchObject({
      listeners: [{ isListening: true, address: `127.0.0.1:${gateway.port}`, connections: 0 }],
    });
    expect(filters).toContainEqual({ name: 'router', kind: 'inbound', isEnabled: true });
    expect(config).toMatchObject({ listen: { host: '127.0.0.1' } });
    expect(logging).toEqual({ loggers: { sluice: 'info' } });
    // Which of two processes was first within a millisecond can't be told.
    const byPath = (passports as { path: string }[]).toSorted((a, b) => a.path.localeCompare(b.path));
    expect(byPath).toMatchObject(paths.map((path) => ({ path, status: 200 })));
  });

  it('changes all workers, and those that start later', async () => {
    const { gateway, adminPort } = await twoWorkers();
    const post = (path: string) =>
      ask(adminPort, { path, method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });

    const level = await post('/logging?level=debug');
    const unknown = await post('/filters/nobody?enabled=false');
    const off = await post('/filters/route-response?enabled=false');
    const [victim = 0] = await workerPids(gateway, 2);
    process.kill(victim, 'SIGKILL');
    await workerPids(gateway, 3);
    await ready(adminPort, 2);

    expect([level.status, off.status]).toEqual([200, 200]);
    expect(unknown.status).toBe(404);
    expect(unknown.body.toString()).toContain('There is no such filter.');
    expect(await textOf(adminPort, '/logging')).toContain('"debug"');
    // A filter counts as on only where all have it on, so each worker is asked by itself.
    expect(await disabledIn(adminPort)).toEqual(['route-response']);
    await post('/filters/route-response?enabled=true');
    expect(await disabledIn(adminPort)).toEqual([]);
  });

  it('drains all workers when it is asked to, and is the last to go', async () => {
    const { gateway, adminPort, client, origin } = await inFlight();
    const unnamed = await ask(adminPort, { path: '/drain', method: 'POST' });
    const before = await textOf(adminPort, '/ready');
    const headers = { authorization: `Bearer ${TOKEN}` };

    const drain = await ask(adminPort, { path: '/drain', method: 'POST', headers });
    const during = await ask(adminPort, { path: '/ready' });
    origin.send(OK);
    await client.take(/connection: close\r\n(?:.*\r\n)*\r\nok$/i);
    client.socket.end();

    expect([unnamed.status, before]).toEqual([401, 'ready\n']);
    expect(drain.status).toBe(202);
    expect([during.status, during.body.toString()]).toEqual([503, 'draining\n']);
    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toContain('"forced":0,"msg":"Drained."');
  });

  it.each([
    [['--admin', '0.0.0.0:0'], /^The admin listener shows everything to whoever reaches it/m],
    [['--admin', '127.0.0.1:0', '--admin-token-file', '/nowhere'], /^The admin token can't be read: ENOENT/m],
  ])('with %j does not start, and ends with 2', async (args, message) => {
    const proxy = ['proxy', '--to', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--workers', '2'];
    const gateway = new GatewayProcess([...proxy, ...args]);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stdout).toBe('');
    expect(gateway.stderr).toMatch(message);
  });
});

it('a signal while workers start ends the program with 0', { timeout: 20_000 }, async () => {
  const gateway = new GatewayProcess(['--listen', '127.0.0.1:0', '--workers', '8']);
  await gateway.logs('A worker is ready.', 1);
  gateway.kill('SIGTERM');

  expect(await gateway.exit()).toBe(0);
  expect(gateway.stderr).toContain('"msg":"Drained."');
});

/** Two workers behind an admin listener with a token, and a request on its way. */
async function inFlight() {
  const server = await RawOrigin.listen();
  const file = join(temporaryFolder(), 'token');
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 });
  const admin = ['--admin', '127.0.0.1:0', '--admin-token-file', file];
  const gateway = await spawnGateway(['--to', `http://127.0.0.1:${server.port}`, '--workers', '2', ...admin]);
  const client = await dial(gateway.port);
  client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
  const origin = await server.connection();
  await origin.take(/\r\n\r\n$/);
  return { gateway, adminPort: adminPortOf(gateway), client, origin };
}

/** Two workers with an origin that answers, behind an admin listener with a token. */
async function twoWorkers() {
  const origin = await startHttpOrigin((_request, response) => response.end('ok'));
  const file = join(temporaryFolder(), 'token');
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 });
  const admin = ['--admin', '127.0.0.1:0', '--admin-token-file', file];
  const gateway = await spawnGateway(['--to', `http://127.0.0.1:${origin}`, '--workers', '2', ...admin]);
  return { gateway, adminPort: adminPortOf(gateway) };
}

async function workerPids(gateway: GatewayProcess, count: number): Promise<readonly number[]> {
  const matches = await gateway.logMatches(/"pid":(?<pid>\d+),"msg":"A worker is ready\."/g, count);
  return matches.map(({ groups }) => Number(groups?.['pid']));
}

/** Waits until so many workers are ready, in the primary's eyes. */
async function ready(adminPort: number, count: number): Promise<void> {
  const isReady = async (): Promise<boolean> => {
    const metrics = await textOf(adminPort, '/metrics');
    return metrics.match(/^workers_ready\{worker="\d+"\} 1$/gm)?.length === count;
  };
  while (!(await isReady())) await new Promise(setImmediate);
}

async function disabledIn(adminPort: number): Promise<readonly string[]> {
  const filters = JSON.parse(await textOf(adminPort, '/filters')) as { name: string; isEnabled: boolean }[];
  return filters.filter(({ isEnabled }) => !isEnabled).map(({ name }) => name);
}

async function textOf(port: number, path: string): Promise<string> {
  return (await ask(port, { path })).body.toString();
}

function adminPortOf({ stdout }: GatewayProcess): number {
  return Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(stdout)?.[1]);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-workers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
