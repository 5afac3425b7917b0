import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pollUntil } from '../support/poll-until.ts';
import { ask } from './support/http-client.ts';
import { KeepAliveClient } from './support/keep-alive-client.ts';
import type { LoadAnswer } from './support/keep-alive-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';

const GENERATIONS = 24;
const CLIENTS = 6;

const TOKEN = 'a-token-of-the-test-long-enough';
const RELOADED = 'The configuration was reloaded.';
const REFUSED = 'The configuration was refused';

describe('a configuration that changes under load', { timeout: 60_000 }, () => {
  it('loses no request, and answers each by one generation', async () => {
    const bench = await startBench();
    const clients = Array.from({ length: CLIENTS }, () => new KeepAliveClient(bench.port));
    for (let generation = 1; generation <= GENERATIONS; generation++) {
      const held = bench.holdRequest();
      await held.hasCome;
      await bench.change(generation);
      held.release();
      expect((await held.answer).body.toString()).toMatch(new RegExp(`:${generation - 1}$`));
      if (generation % 8 === 5) await bench.refuse('listeners: [');
      if (generation % 8 === 6) await bench.refuse(`${bench.text(generation)}\nroutez: []`);
    }
    await Promise.all(clients.map((client) => client.stop()));
    const answers = clients.flatMap((client) => client.answers);

    expect(clients.flatMap(({ failures }) => failures)).toEqual([]);
    expect(answers.filter((answer) => !isOfOneGeneration(answer))).toEqual([]);
    expect(new Set(answers.map(generationOf)).size).toBeGreaterThan(GENERATIONS / 2);
    const metrics = (await ask(bench.adminPort, { path: '/metrics' })).body.toString();
    expect(metrics).toMatch(new RegExp(`^config_reload_success(?:_total)? ${GENERATIONS}$`, 'm'));
    expect(metrics).toMatch(/^config_reload_failure(?:_total)? 6$/m);
    expect(metrics).toMatch(/^config_last_reload_successful 1$/m);
  });

  it('adds a listener and removes it again, and its clients are told', async () => {
    const extra = await freePort();
    const bench = await startBench();
    const staying = new KeepAliveClient(bench.port);
    await bench.change(1, `  - address: 127.0.0.1:${extra}\n`);
    const leaving = new KeepAliveClient(extra);
    await bench.change(2, `  - address: 127.0.0.1:${extra}\n`);
    await bench.change(3);
    await leaving.untilRefused();
    await staying.stop();

    expect(leaving.failures).toMatchObject([{ code: 'ECONNREFUSED' }]);
    expect(leaving.answers.at(-1)?.headers.connection).toBe('close');
    expect(leaving.answers.every(isOfOneGeneration)).toBe(true);
    expect(staying.failures).toEqual([]);
    expect(staying.answers.every(isOfOneGeneration)).toBe(true);
  });

  it('cuts on a listener that is gone what has not ended in the time of a drain, and says so', async () => {
    const extra = await freePort();
    const bench = await startBench(['--drain-timeout-ms', '50']);
    await bench.change(1, `  - address: 127.0.0.1:${extra}\n`);
    const held = bench.holdRequest(extra);
    await held.hasCome;
    const cut = expect(held.answer).rejects.toThrow();
    await bench.change(2);
    await cut;
    await bench.gateway.logs('connections were closed before their end', 1);

    expect(bench.gateway.stderr).toContain(`"listener":"127.0.0.1:${extra}","connections":1,"forced":1`);
    expect((await ask(bench.port)).headers['x-generation']).toBe('2');
  });

  it('goes on as before when an address can not be listened on, and tries again at SIGHUP', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port: taken } = other.address() as AddressInfo;
    const bench = await startBench();
    await bench.refuse(bench.text(1, `  - address: 127.0.0.1:${taken}\n`));
    const before = await ask(bench.port);
    other.close();
    await once(other, 'close');
    bench.gateway.kill('SIGHUP');
    await bench.gateway.logs(RELOADED, 1);

    expect(before.headers['x-generation']).toBe('0');
    expect(bench.gateway.stderr).toContain('is in use by another program');
    expect((await ask(bench.port)).headers['x-generation']).toBe('1');
    expect((await ask(taken)).headers['x-generation']).toBe('1');
    expect(bench.gateway.stderr).toContain(
      `routes[0].responseHeaders.set.x-generation changed: \\"0\\" → \\"1\\"`,
    );
  });
});

describe('an operator who asks for a reload', { timeout: 30_000 }, () => {
  it('is told what came of it: nothing, what is wrong, and what is wrong still', async () => {
    const bench = await startBench();
    const reload = () =>
      ask(bench.adminPort, {
        path: '/reload',
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
      });

    const unchanged = await reload();
    bench.write(`${bench.text(1)}\nroutez: []`);
    const refused = [await reload(), await reload()];

    expect([unchanged.status, unchanged.body.toString()]).toEqual([
      200,
      expect.stringContaining('Nothing has changed.'),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([422, 422]);
    for (const { body } of refused) expect(body.toString()).toContain('Did you mean');
    expect((await ask(bench.port)).headers['x-generation']).toBe('0');
  });

  it('finds the last result in /ready, which stays 200, and in /status', async () => {
    const bench = await startBench();
    const textOf = async (path: string) => (await ask(bench.adminPort, { path })).body.toString();
    const lastReload = async () =>
      (JSON.parse(await textOf('/ready?format=json')) as { lastReload?: object }).lastReload;

    const before = await lastReload();
    await bench.change(1);
    const applied = await lastReload();
    bench.write('routez: []');
    await bench.gateway.logs(REFUSED, 1);
    const ready = await ask(bench.adminPort, { path: '/ready' });
    const status = await textOf('/status');
    bench.write(bench.text(1));
    const repaired = await pollUntil(
      () => textOf('/ready'),
      (text) => text === 'ready\n',
      10_000,
    );

    expect(repaired).toBe('ready\n');
    expect(before).toBeUndefined();
    expect(applied).toMatchObject({
      isApplied: true,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      file: expect.stringMatching(/\.yaml$/),
    });
    expect(ready.status).toBe(200);
    expect(ready.body.toString()).toMatch(
      /^ready\nThe last reload was refused at \d{4}-\S+Z: \S+\.yaml\n {2}\S+\.yaml:1:1 routez: .*Did you mean/,
    );
    expect(JSON.parse(status)).toMatchObject({ isReady: true, lastReload: { isApplied: false } });
    expect(await lastReload()).toMatchObject({
      isApplied: true,
      messages: ['The file says again what is in use.'],
    });
  });
});

it('is not read again while the program drains, and whoever asks is told', { timeout: 30_000 }, async () => {
  const bench = await startBench();
  const held = bench.holdRequest();
  await held.hasCome;
  bench.gateway.kill('SIGTERM');
  await bench.gateway.logs('Draining', 1);
  bench.write('listeners: [');
  const refused = await ask(bench.adminPort, {
    path: '/reload',
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  bench.gateway.kill('SIGHUP');
  await bench.gateway.logs('The configuration was not read again.', 1);
  held.release();

  expect([refused.status, refused.body.toString()]).toEqual([409, expect.stringContaining('draining')]);
  expect((await held.answer).status).toBe(200);
  expect(await bench.gateway.exit()).toBe(0);
});

interface Held {
  readonly hasCome: Promise<void>;
  readonly answer: ReturnType<typeof ask>;
  release(): void;
}

interface Bench {
  readonly gateway: GatewayProcess;
  readonly port: number;
  readonly adminPort: number;
  text(generation: number, listeners?: string): string;
  /** Puts this in the place of the file. */
  write(text: string): void;
  /** Resolves when the generation is served. */
  change(generation: number, listeners?: string): Promise<void>;
  /** Writes a file that is refused, and then the one before. */
  refuse(text: string): Promise<void>;
  /** Sends a request that the origin answers when it is released. */
  holdRequest(to?: number): Held;
}

/** The program with a file of generation 0, which says in all of its parts which generation it is. */
async function startBench(args: readonly string[] = []): Promise<Bench> {
  let [come, release]: (() => void)[] = [];
  const origins = await Promise.all(
    ['a', 'b'].map((name) =>
      startHttpOrigin(({ url, headers }, response) => {
        const answer = (): void => void response.end(`${name}:${String(headers['x-generation'])}`);
        if (url !== '/held') answer();
        else {
          release = answer;
          come?.();
        }
      }),
    ),
  );
  const folder = mkdtempSync(join(tmpdir(), 'sluice-reload-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  const write = (text: string): void => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const text = (generation: number, listeners = ''): string => configOf(origins, generation, listeners);
  let [reloads, refusals] = [0, 0];
  write(text(0));
  const gateway = new GatewayProcess(['run', '--config', path, ...args], { SLUICE_ADMIN_TOKEN: TOKEN });
  await gateway.says(/try: .*\n/);
  const { port } = gateway;
  return {
    gateway,
    port,
    write,
    adminPort: Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]),
    text,
    async change(generation, listeners) {
      write(text(generation, listeners));
      await gateway.logs(RELOADED, ++reloads);
    },
    async refuse(wrong) {
      write(wrong);
      await gateway.logs(REFUSED, ++refusals);
    },
    holdRequest(to = port) {
      const hasCome = new Promise<void>((resolve) => (come = resolve));
      return { hasCome, answer: ask(to, { path: '/held' }), release: () => release?.() };
    },
  };
}

/** The origin changes with each generation, and so do the fields that its filters and routes set; every third has no filters. */
function configOf(ports: readonly number[], generation: number, listeners: string): string {
  const name = originOf(generation);
  const port = ports[generation % ports.length] ?? 0;
  return `listeners:
  - address: 127.0.0.1:0
${listeners}admin: { address: '127.0.0.1:0' }
filters: [${hasFilters(generation) ? `{ name: header-mutation, options: { response: { set: { x-filters: '${generation}' } } } }` : ''}]
origins:
  - { name: ${name}, servers: ['127.0.0.1:${port}'], options: { maxConnections: 64 } }
routes:
  - origin: ${name}
    requestHeaders: { set: { x-generation: '${generation}' } }
    responseHeaders: { set: { x-generation: '${generation}' } }
`;
}

function originOf(generation: number): string {
  return generation % 2 === 0 ? 'a' : 'b';
}

function hasFilters(generation: number): boolean {
  return generation % 3 !== 0;
}

function generationOf({ headers }: LoadAnswer): number {
  return Number(headers['x-generation']);
}

function isOfOneGeneration(answer: LoadAnswer): boolean {
  const generation = generationOf(answer);
  const filters = hasFilters(generation) ? String(generation) : undefined;
  return (
    answer.status === 200 &&
    answer.body === `${originOf(generation)}:${generation}` &&
    answer.headers['x-filters'] === filters
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
