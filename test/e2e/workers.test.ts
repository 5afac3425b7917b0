import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { canReusePort } from '@sluice/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import { freePort } from '../support/process/free-port.ts';
import { ask } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { refused } from './support/refused.ts';
import { GatewayProcess, spawnGateway } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { askUntil } from './support/steady-client.ts';
import type { ClientCounts } from './support/steady-client.ts';
import { dial } from './support/wire.ts';

const READY = /"pid":(?<pid>\d+),"msg":"A worker is ready\."/g;
const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('--workers 2', { timeout: 60_000 }, () => {
  it('listens with both before it says so, and has the sum of their figures', async () => {
    const gateway = await twoWorkers(['--admin', '127.0.0.1:0']);
    const workers = await workerPids(gateway);
    for (let left = 10; left > 0; left--) await ask(gateway.port);

    const figures = await metricsOf(gateway);

    expect(workers).toHaveLength(2);
    expect(gateway.stdout).toContain('  workers: 2\n');
    expect(figures).toMatch(/^server_http_requests_completed_total\{.*reason="SESSION_COMPLETE"\} 10$/m);
    expect(figures).toMatch(/^server_http_request_duration_seconds_count\{.*status="2xx"\} 10$/m);
    // Connections in turn: both have served.
    expect(figures).toMatch(/^server_eventloop_connections_current\{eventloop="0"\}/m);
    expect(figures).toMatch(/^server_eventloop_connections_current\{eventloop="1"\}/m);
    expect(figures).toMatch(/^workers_ready\{worker="1"\} 1\nworkers_ready\{worker="2"\} 1$/m);
  });

  it('serves on with the other when one is killed, and has it back', async () => {
    const gateway = await twoWorkers(['--admin', '127.0.0.1:0']);
    const [victim = 0] = await workerPids(gateway);
    const load = steadyLoad(gateway.port);
    await load.answers(400);
    const before = completed(await metricsOf(gateway));

    process.kill(victim, 'SIGKILL');
    await load.answers(400);
    const pids = await workerPids(gateway, 3);
    await load.answers(400);
    const after = completed(await metricsOf(gateway));
    const { lost } = await load.stop();

    expect(pids).toHaveLength(3);
    // Its own connections alone: a request on each, of 16 clients in all.
    expect(lost).toBeLessThan(16);
    expect(after).toBeGreaterThanOrEqual(before + 400);
    expect(await metricsOf(gateway)).toMatch(/^workers_restarts_total 1$/m);
  });

  it('kills one whose event loop stands still, and has it back', async () => {
    const gateway = await twoWorkers(['--hung-timeout-ms', '500']);
    const [victim = 0] = await workerPids(gateway);

    process.kill(victim, 'SIGSTOP');
    await gateway.logMatches(
      /"signal":"SIGKILL".*"reason":"Its event loop stood still, so it was killed\."/g,
      1,
    );
    await workerPids(gateway, 3);

    for (let left = 4; left > 0; left--) expect((await ask(gateway.port)).status).toBe(200);
  });

  it('loses no request when all workers are changed for new ones', async () => {
    const gateway = await twoWorkers(['--admin', '127.0.0.1:0']);
    const load = steadyLoad(gateway.port);
    await load.answers(200);

    gateway.kill('SIGUSR2');
    await gateway.logs('All workers are new', 1);
    await load.answers(200);
    const { answered, lost } = await load.stop();

    expect(lost).toBe(0);
    expect(await workerPids(gateway, 4)).toHaveLength(4);
    expect(completed(await metricsOf(gateway))).toBe(answered);
  });

  it('lets requests in flight end on SIGTERM, and ends with 0', async () => {
    const origin = await RawOrigin.listen();
    const gateway = await twoWorkers([], origin.port);
    const clients = [await dial(gateway.port), await dial(gateway.port)];
    const requests = [];
    for (const client of clients) {
      client.send(GET);
      const request = await origin.connection();
      await request.take(/\r\n\r\n$/);
      requests.push(request);
    }

    gateway.kill('SIGTERM');
    await refused(gateway.port);
    for (const request of requests) request.send(OK);
    for (const client of clients) {
      await client.take(/connection: close\r\n[^]*\r\nok$/i);
      client.socket.end();
    }

    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toContain('"forced":0,"msg":"Drained."');
  });

  it('drains without what was not loaded when its files are gone', async () => {
    const gateway = await twoWorkers([], undefined, { NODE_OPTIONS: `--import=${without('prom-client')}` });

    gateway.kill('SIGTERM');

    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).not.toContain('"level":50');
    expect(gateway.stderr).not.toContain('SIGKILL');
  });

  it('ends at once on a second signal, with all workers', async () => {
    const origin = await RawOrigin.listen();
    const gateway = await twoWorkers([], origin.port);
    const client = await dial(gateway.port);
    client.send(GET);
    await (await origin.connection()).take(/\r\n\r\n$/);

    gateway.kill('SIGINT');
    await gateway.logs('"msg":"Draining', 1);
    gateway.kill('SIGINT');

    expect(await gateway.exit()).toBe(130);
    await client.ended;
  });

  it('takes its workers with it when the primary is killed', async () => {
    const gateway = await twoWorkers([]);
    const client = await dial(gateway.port);
    await client.send(GET).take(/\r\n\r\nok$/);

    gateway.kill('SIGKILL');

    await client.ended;
    // The pipes of the program are closed when the last of its processes has ended.
    expect(await gateway.exit()).toBe('SIGKILL');
  });

  it('says once that the port is in use, and ends with 2', async () => {
    const taken = await startHttpOrigin(() => {});
    const to = ['proxy', '--to', 'http://127.0.0.1:9', '--workers', '2'];
    const gateway = new GatewayProcess([...to, '--listen', `127.0.0.1:${taken}`]);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stdout).toBe('');
    expect(gateway.stderr.match(/is in use by another program/g)).toHaveLength(1);
  });

  it('has a whole line in the access log for each request, also over a rotation', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'workers-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'access.log');
    const gateway = await twoWorkers(['--access-log', file, '--access-log-format', '%REQ(X-ID)% end']);
    const ids = Array.from({ length: 40 }, (_, at) => String(at).repeat(500));
    const askAll = (some: readonly string[]): Promise<unknown> =>
      Promise.all(some.map((id) => ask(gateway.port, { headers: { 'x-id': id } })));

    await askAll(ids.slice(0, 20));
    await rename(file, `${file}.1`);
    gateway.kill('SIGUSR1');
    await askAll(ids.slice(20));
    gateway.kill('SIGTERM');
    await gateway.exit();

    const lines = (await Promise.all([`${file}.1`, file].map((name) => readFile(name, 'latin1')))).join('');
    expect(lines.trimEnd().split('\n').toSorted()).toEqual(ids.map((id) => `${id} end`).toSorted());
  });

  it.skipIf(openssl === undefined)('takes up TLS sessions of the other worker', async () => {
    const ca = new TestCa();
    onTestFinished(() => ca.remove());
    const { certFile, keyFile } = ca.issue(['DNS:a.test']);
    const gateway = await twoWorkers(['--tls-cert', certFile, '--tls-key', keyFile]);
    const port = Number(/https:\/\/127\.0\.0\.1:(\d+)\n/.exec(gateway.stdout)?.[1]);
    const first = await tlsExchange(port, ca.pem);

    const later = [];
    for (let left = 4; left > 0; left--) later.push(await tlsExchange(port, ca.pem, first.session));

    expect(first.isReused).toBe(false);
    expect(later.map(({ isReused }) => isReused)).toEqual([true, true, true, true]);
  });

  it('shares the limit of connections out', async () => {
    const gateway = await twoWorkers(['--set', 'max-inbound-connections.maxConnections=4']);
    const clients = [];
    for (let left = 4; left > 0; left--) {
      const client = await dial(gateway.port);
      await client.send(GET).take(/\r\n\r\nok$/);
      clients.push(client);
    }

    const beyond = await dial(gateway.port);

    await beyond.ended;
    expect(beyond.received).toBe('');
  });
});

describe('--worker-accept', { timeout: 60_000 }, () => {
  it('shared: loses no request when all workers are changed for new ones', async () => {
    const gateway = await twoWorkers(['--worker-accept', 'shared']);
    const load = steadyLoad(gateway.port);
    await load.answers(200);

    gateway.kill('SIGUSR2');
    await gateway.logs('All workers are new', 1);
    await load.answers(200);

    expect((await load.stop()).lost).toBe(0);
  });

  it.runIf(canReusePort())('reuse-port: each worker has connections from the system', async () => {
    const own = ['--listen', `127.0.0.1:${await freePort()}`, '--admin', '127.0.0.1:0'];
    const gateway = await twoWorkers(['--worker-accept', 'reuse-port', ...own]);
    const clients = await Promise.all(Array.from({ length: 64 }, () => dial(gateway.port)));
    for (const client of clients) await client.send(GET).take(/\r\n\r\nok$/);

    const figures = await metricsOf(gateway);
    const counts = [0, 1].map((loop) =>
      Number(
        new RegExp(`^server_eventloop_connections_current\\{eventloop="${loop}"\\} (\\d+)$`, 'm').exec(
          figures,
        )?.[1],
      ),
    );

    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(counts).toEqual([counts[0], 64 - (counts[0] ?? 0)]);
  });

  it.runIf(canReusePort())('reuse-port: says that it needs a port, and that one is in use', async () => {
    const taken = await startHttpOrigin(() => {});
    const start = (port: number) => {
      const to = ['proxy', '--to', 'http://127.0.0.1:9', '--workers', '2', '--worker-accept', 'reuse-port'];
      return new GatewayProcess([...to, '--listen', `127.0.0.1:${port}`]);
    };
    const [any, same] = [start(0), start(taken)];

    expect(await any.exit()).toBe(2);
    expect(any.stderr).toMatch(/^--worker-accept reuse-port needs a port in each address, and not 0\.$/m);
    expect(await same.exit()).toBe(2);
    expect(same.stderr.match(/is in use by another program/g)).toHaveLength(1);
  });

  it.skipIf(canReusePort())('reuse-port: says which Node.js it needs', async () => {
    const gateway = new GatewayProcess(['--workers', '2', '--worker-accept', 'reuse-port']);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stderr).toContain(
      '--worker-accept reuse-port needs Node.js 22.12 or later, or 23.1; this is ',
    );
  });

  it('refuses another way', async () => {
    const gateway = new GatewayProcess(['--workers', '2', '--worker-accept', 'random']);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stderr).toContain('--worker-accept takes round-robin, shared, reuse-port; got "random".');
  });
});

describe('the command line', { timeout: 20_000 }, () => {
  it.each(['0', '1.5', 'many', '257'])('refuses --workers %s', async (workers) => {
    const gateway = new GatewayProcess(['--workers', workers]);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stderr).toContain(
      `--workers takes auto or a whole number from 1 to 256; got "${workers}".`,
    );
  });
});

async function twoWorkers(
  args: readonly string[],
  originPort?: number,
  env?: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const port = originPort ?? (await startHttpOrigin((_request, response) => response.end('ok')));
  return spawnGateway(['--to', `http://127.0.0.1:${port}`, '--workers', '2', ...args], env);
}

/** A module for `--import` in whose processes there is no package of this name. */
function without(packageName: string): string {
  const hooks = `export const resolve = (name, context, next) => {
    if (name === '${packageName}') throw new Error(name + ' is gone');
    return next(name, context);
  };`;
  return inAddress(`import { register } from 'node:module'; register(${JSON.stringify(inAddress(hooks))});`);
}

function inAddress(code: string): string {
  return `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
}

/** The processes of all workers that were ready so far, when there are so many. */
async function workerPids(gateway: GatewayProcess, count = 2): Promise<readonly number[]> {
  const matches = await gateway.logMatches(READY, count);
  return matches.map(({ groups }) => Number(groups?.['pid']));
}

async function metricsOf(gateway: GatewayProcess): Promise<string> {
  const port = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)\//.exec(gateway.stdout)?.[1]);
  return (await ask(port, { path: '/metrics' })).body.toString();
}

function completed(figures: string): number {
  const pattern = /^server_http_requests_completed_total\{.*reason="SESSION_COMPLETE"\} (\d+)$/m;
  return Number(pattern.exec(figures)?.[1]);
}

/** Sixteen clients that keep their connections. */
function steadyLoad(port: number) {
  const isOver = { value: false };
  const counts: ClientCounts = { answered: 0, lost: 0 };
  const clients = Array.from({ length: 16 }, () => askUntil(isOver, () => port, counts));
  return {
    /** Waits for so many answers more. */
    async answers(count: number): Promise<void> {
      const enough = counts.answered + count;
      while (counts.answered < enough) await new Promise(setImmediate);
    },
    async stop(): Promise<ClientCounts> {
      isOver.value = true;
      await Promise.all(clients);
      return counts;
    },
  };
}

/** A request on a connection of its own, and the session that can be taken up later. */
async function tlsExchange(port: number, ca: Buffer | string, session?: Buffer) {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca,
    servername: 'a.test',
    ...(session && { session }),
  });
  onTestFinished(() => void socket.destroy());
  let latest: Buffer | undefined = session;
  socket.on('session', (given: Buffer) => (latest = given));
  socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
  await once(socket, 'secureConnect');
  const isReused = socket.isSessionReused();
  socket.resume();
  await once(socket, 'close');
  return { isReused, session: latest };
}
