import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { GatewayProcess, spawnGateway } from './support/spawn-gateway.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const TOKEN = 'correct-horse-battery-staple';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('the admin listener of the program', { timeout: 20_000 }, () => {
  it('says 503 from SIGTERM on, while a request in flight ends, and is the last to go', async () => {
    const { gateway, adminPort, client, origin } = await inFlight();
    expect(await status(adminPort, '/ready')).toBe(200);
    gateway.kill('SIGTERM');
    await until(async () => (await status(adminPort, '/ready')) === 503);
    expect((await ask(adminPort, { path: '/ready' })).body.toString()).toBe('draining\n');
    expect(await status(adminPort, '/live')).toBe(200);

    origin.send(OK);
    await client.take(/connection: close\r\n(?:.*\r\n)*\r\nok$/i);
    client.socket.end();

    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toContain('"forced":0');
  });

  it('drains the program when it is asked to, also with its own connection kept open', async () => {
    const { gateway, adminPort, client, origin } = await inFlight();
    const operator = await dial(adminPort);
    operator.send(
      `POST /drain HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 0\r\n\r\n`,
    );
    await operator.take(/^HTTP\/1\.1 202 Accepted\r\n(?:.*\r\n)*\r\n\{\s+"state": "draining"\s+\}\n$/);
    expect(await status(adminPort, '/ready')).toBe(503);

    origin.send(OK);
    await client.take(/\r\n\r\nok$/);
    client.socket.end();

    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toContain('"forced":0');
  });

  it('changes nothing without the token, and says who may not', async () => {
    const { gateway, adminPort } = await inFlight();

    const refused = await ask(adminPort, { path: '/drain', method: 'POST' });

    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="sluice admin"',
    ]);
    expect(await status(adminPort, '/ready')).toBe(200);
    gateway.kill('SIGKILL');
  });

  it('sets the level of the log', async () => {
    const { gateway, adminPort } = await inFlight();
    const headers = { authorization: `Bearer ${TOKEN}` };

    const { body } = await ask(adminPort, { path: '/logging?level=error', method: 'POST', headers });
    gateway.kill('SIGTERM');
    await until(async () => (await status(adminPort, '/ready')) === 503);

    expect(JSON.parse(body.toString())).toEqual({ loggers: { sluice: 'error' } });
    expect(gateway.stderr).not.toContain('Draining');
    gateway.kill('SIGKILL');
  });

  it.each([
    [['--admin', '0.0.0.0:0'], /^The admin listener shows everything to whoever reaches it/],
    [['--admin', '127.0.0.1:0', '--admin-token-file', '/nowhere'], /^The admin token can't be read: ENOENT/],
    [
      ['--admin-token-file', '/nowhere'],
      /^--admin-token-file, --admin-host and --admin-allow-remote need --admin/,
    ],
  ])('with %j does not start, and ends with 2', async (args, message) => {
    const gateway = new GatewayProcess([
      'proxy',
      '--to',
      'http://127.0.0.1:9',
      '--listen',
      '127.0.0.1:0',
      ...args,
    ]);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stderr).toMatch(message);
  });
});

describe('what the admin listener shows', () => {
  it('is the traffic of the gateway and not its own', async () => {
    const { port, adminPort } = await watched();
    await ask(port, { path: '/a?secret=1' });
    await ask(port, { path: '/b' });

    const metrics = (await ask(adminPort, { path: '/metrics' })).body.toString();
    const clusters = (await ask(adminPort, { path: '/clusters' })).body.toString();
    const passports = JSON.parse(
      (await ask(adminPort, { path: '/passports?format=json' })).body.toString(),
    ) as object[];
    const config = (await ask(adminPort, { path: '/config' })).body.toString();

    expect(metrics).toMatch(/^server_http_request_duration_seconds_count\{.*status="2xx"\} 2$/m);
    expect(clusters).toMatch(/^origin::127\.0\.0\.1:\d+::rq_total::2$/m);
    expect(passports).toMatchObject([
      { path: '/b', status: 200, origin: 'origin' },
      { path: '/a', status: 200, reason: 'SESSION_COMPLETE' },
    ]);
    expect(JSON.parse(config)).toMatchObject({
      admin: { allowRemote: false },
      origins: [{ name: 'origin' }],
    });
  });

  it('is the pipeline as it runs, with the handler that keeps passports in it only where there is an operator', async () => {
    const { adminPort, gateway } = await watched();
    const unwatched = await startGateway(await okOrigin());
    const { listeners } = JSON.parse((await ask(adminPort, { path: '/listeners' })).body.toString()) as {
      listeners: { handlers: { name: string; options: object }[] }[];
    };
    const [listener] = listeners;

    expect(listener?.handlers.map(({ name }) => name)).toEqual(
      gateway.listeners[0]?.handlers.map(({ name }) => name),
    );
    expect(listener?.handlers.find(({ name }) => name === 'idle-state')?.options).toMatchObject({
      allIdleMs: 65_000,
    });
    expect(names(gateway)).toContain('passport-recording');
    expect(names(unwatched.gateway)).not.toContain('passport-recording');
  });
});

describe('a hostile request to the admin listener', () => {
  it.each([
    ['a name that was made to lead here', 'GET /config HTTP/1.1\r\nHost: evil.example\r\n\r\n', 403],
    [
      'a target in absolute form with such a name',
      'GET http://evil.example/config HTTP/1.1\r\nHost: localhost\r\n\r\n',
      403,
    ],
    ['two hosts', 'GET /config HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n', 400],
    ['no host', 'GET /config HTTP/1.1\r\n\r\n', 400],
    ['no host in HTTP/1.0', 'GET /config HTTP/1.0\r\n\r\n', 400],
    [
      'a form of a foreign page',
      'POST /drain HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n',
      401,
    ],
    [
      'a preflight',
      'OPTIONS /drain HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n',
      405,
    ],
    [
      'a wrong token',
      'POST /drain HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong\r\nContent-Length: 0\r\n\r\n',
      401,
    ],
    ['a query of 64 KiB', `GET /stats?name=${'x'.repeat(65_536)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 414],
    ['a head of 64 KiB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`, 431],
    [
      'a hundred thousand parameters',
      `GET /stats?${'a&'.repeat(1_900)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      400,
    ],
    ['a path out of the tree', 'GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
    ['a target that is none', 'GET metrics HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    [
      'both lengths',
      'POST /drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['a tunnel', 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n', 501],
  ])('with %s is refused, and changes nothing', async (_, bytes, expected) => {
    const { adminPort, gateway } = await watched();
    const client = await dial(adminPort);
    client.send(bytes);

    const [head] = await client.take(/^HTTP\/1\.1 \d{3} (?:.*\r\n)+\r\n/);

    expect(Number(head.slice(9, 12))).toBe(expected);
    expect(head).toContain('content-type: application/problem+json');
    expect(head.toLowerCase()).not.toContain('access-control-allow');
    expect(gateway.isReady).toBe(true);
    client.socket.destroy();
  });

  it('beyond 64 connections is closed without a word', async () => {
    const { adminPort } = await watched();
    const clients = await Promise.all(Array.from({ length: 64 }, () => dial(adminPort)));
    for (const client of clients)
      await client.send('GET /live HTTP/1.1\r\nHost: a.localhost\r\n\r\n').take(/^HTTP\/1\.1 403/);
    const extra = await dial(adminPort);

    await extra.ended;
    expect(extra.received).toBe('');
    for (const { socket } of clients) socket.destroy();
  });
});

async function watched() {
  return startGateway(await okOrigin(), {}, await adminOptions());
}

function okOrigin(): Promise<number> {
  return startHttpOrigin((_request, response) => response.end('ok'));
}

function names(gateway: {
  listeners: readonly { handlers: readonly { name: string }[] }[];
}): readonly string[] {
  return gateway.listeners.flatMap(({ handlers }) => handlers.map(({ name }) => name));
}

/** An admin listener with a token. */
async function adminOptions(): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'token'), `${TOKEN}\n`, { mode: 0o600 });
  return ['--admin', '127.0.0.1:0', '--admin-token-file', join(folder, 'token')];
}

/** The program with an admin listener and a request on its way. */
async function inFlight() {
  const server = await RawOrigin.listen();
  const gateway = await spawnGateway(['--to', `http://127.0.0.1:${server.port}`, ...(await adminOptions())]);
  const adminPort = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)\//.exec(gateway.stdout)?.[1]);
  const client = await dial(gateway.port);
  client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
  const origin = await server.connection();
  await origin.take(/\r\n\r\n$/);
  return { gateway, adminPort, client, origin };
}

async function status(port: number, path: string): Promise<number> {
  return (await ask(port, { path })).status;
}

/** Asks again and again, as fast as the answers come. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}
