import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
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
const RELOADED = 'The configuration was reloaded.';
const REFUSED = 'The configuration was refused';

describe('the admin listener of workers', { timeout: 30_000 }, () => {
  it('is that of the primary, and says what is not known of all together', async () => {
    const { gateway, adminPort } = await inFlight();

    const status = JSON.parse(await textOf(adminPort, '/status')) as object;
    const clusters = await ask(adminPort, { path: '/clusters' });

    expect(status).toMatchObject({ state: 'started', isReady: true, pid: gateway.pid });
    expect(await textOf(adminPort, '/ready')).toBe('ready\n');
    expect(await textOf(adminPort, '/live')).toBe('live\n');
    expect(clusters.status).toBe(501);
    expect(clusters.body.toString()).toContain('Each worker has the servers of origins for itself');
    for (const path of ['/listeners', '/filters', '/config', '/logging', '/passports'])
      expect((await ask(adminPort, { path })).status).toBe(501);
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

describe('a configuration that workers run', { timeout: 30_000 }, () => {
  it('is reloaded by each of them when the file changes', async () => {
    const { gateway, adminPort, write } = await configured();
    write(1);
    await gateway.logs(RELOADED, 2);

    const generations = await generationsOf(gateway.port);
    const metrics = await textOf(adminPort, '/metrics');

    expect(generations).toEqual(['1', '1', '1', '1']);
    expect(metrics).toMatch(/^config_reload_success(?:_total)? 2$/m);
    expect(metrics).toMatch(/^config_last_reload_successful 1$/m);
  });

  it('is read again by each of them when the primary gets SIGHUP', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port: taken } = other.address() as AddressInfo;
    const { gateway, adminPort, write } = await configured();
    write(1, `  - address: 127.0.0.1:${taken}\n`);
    await gateway.logs(REFUSED, 2);
    const before = await generationsOf(gateway.port);
    const metrics = await textOf(adminPort, '/metrics');
    other.close();
    await once(other, 'close');

    gateway.kill('SIGHUP');
    await gateway.logs(RELOADED, 2);

    expect(before).toEqual(['0', '0', '0', '0']);
    expect(metrics).toMatch(/^config_last_reload_successful 0$/m);
    expect(await generationsOf(gateway.port)).toEqual(['1', '1', '1', '1']);
    expect(await generationsOf(taken)).toEqual(['1', '1', '1', '1']);
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

/** Two workers with a file of generation 0; responses say of which generation they are. */
async function configured() {
  const origin = await startHttpOrigin((_request, response) => response.end('ok'));
  const path = join(temporaryFolder(), 'gateway.yaml');
  const write = (generation: number, listeners = ''): void => {
    writeFileSync(
      `${path}.new`,
      `listeners:
  - address: 127.0.0.1:0
${listeners}admin: { address: '127.0.0.1:0' }
origins:
  - { name: a, servers: ['127.0.0.1:${origin}'] }
routes:
  - { origin: a, responseHeaders: { set: { x-generation: '${generation}' } } }
`,
    );
    renameSync(`${path}.new`, path);
  };
  write(0);
  const gateway = new GatewayProcess(['run', '--config', path, '--workers', '2']);
  await gateway.says(/try: .*\n/);
  return { gateway, adminPort: adminPortOf(gateway), write };
}

/** Of four connections, which the workers get in turn. */
async function generationsOf(port: number): Promise<readonly unknown[]> {
  const generations: unknown[] = [];
  while (generations.length < 4) generations.push((await ask(port)).headers['x-generation']);
  return generations;
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
