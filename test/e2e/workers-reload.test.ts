import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { askUntil } from './support/steady-client.ts';

const TOKEN = 'correct-horse-battery-staple';
const RELOADED = 'The configuration was reloaded.';
const REFUSED = 'The configuration was refused';

/** Refuses to be made in the second worker, once there is a configuration that lists it. */
const PICKY_PLUGIN = `
import cluster from 'node:cluster';
import { Handler } from '@sluice/inject';
export class PickyHandler {
  constructor() {
    if (cluster.worker?.id === 2) throw new Error('not in this worker');
  }
  channelActive(ctx) {
    ctx.fireChannelActive();
  }
}
Handler({ name: 'picky' })(PickyHandler);
`;

describe('a configuration that workers run', { timeout: 30_000 }, () => {
  it('is put in force in all of them when the file changes, and that is told once', async () => {
    const { gateway, adminPort, write } = await configured();
    write(1);
    await gateway.logs(RELOADED, 1);

    const metrics = await textOf(adminPort, '/metrics');

    expect(await generationsOf(gateway.port)).toEqual(['1', '1', '1', '1']);
    expect(gateway.stderr.split(RELOADED)).toHaveLength(2);
    expect(metrics).toMatch(/^config_reload_success(?:_total)? 1$/m);
    expect(metrics).toMatch(/^config_last_reload_successful 1$/m);
    expect(await textOf(adminPort, '/config')).toContain('"x-generation": "1"');
  });

  it('is refused by all when the workers can not have it, and put in force at SIGHUP when they can', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port: taken } = other.address() as AddressInfo;
    const { gateway, adminPort, write } = await configured();
    write(1, { listeners: `  - address: 127.0.0.1:${taken}\n` });
    await gateway.logs(REFUSED, 1);
    const before = await generationsOf(gateway.port);
    const metrics = await textOf(adminPort, '/metrics');
    other.close();
    await once(other, 'close');

    gateway.kill('SIGHUP');
    await gateway.logs(RELOADED, 1);

    expect(before).toEqual(['0', '0', '0', '0']);
    expect(gateway.stderr.split(REFUSED)).toHaveLength(2);
    expect(metrics).toMatch(/^config_last_reload_successful 0$/m);
    expect(await generationsOf(gateway.port)).toEqual(['1', '1', '1', '1']);
    expect(await generationsOf(taken)).toEqual(['1', '1', '1', '1']);
  });

  it('is put in force in none of them when one can not have it', async () => {
    const { gateway, adminPort, write } = await configured();
    write(1, { picky: true });
    await gateway.logs(REFUSED, 1);

    expect(gateway.stderr.match(/PickyHandler could not be made: not in this worker/g)).toHaveLength(1);
    expect(await generationsOf(gateway.port)).toEqual(['0', '0', '0', '0']);
    expect(await textOf(adminPort, '/config')).toContain('"x-generation": "0"');
  });

  it('is read once for all at POST /reload, whose answer says what is wrong', async () => {
    const { adminPort, write } = await configured();
    const reload = () =>
      ask(adminPort, { path: '/reload', method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });

    write(1);
    const applied = await reload();
    write(2, { listeners: '  - adress: 127.0.0.1:0\n' });
    const refused = await reload();

    expect(applied.status).toBe(200);
    expect(applied.body.toString()).toContain('x-generation');
    expect(refused.status).toBe(422);
    expect(refused.body.toString()).toContain('Did you mean \\"address\\"?');
    expect(await textOf(adminPort, '/ready')).toMatch(
      /^ready\nThe last reload was refused at .*\n.*Did you mean "address"/,
    );
    expect(JSON.parse(await textOf(adminPort, '/status'))).toMatchObject({
      lastReload: { isApplied: false },
    });
  });

  it('is that which is in force for a worker that starts when the file is wrong', async () => {
    const { gateway, write } = await configured();
    write(1);
    await gateway.logs(RELOADED, 1);
    write(2, { listeners: '  - adress: 127.0.0.1:0\n' });
    await gateway.logs(REFUSED, 1);
    const [victim] = await gateway.logMatches(/"pid":(?<pid>\d+),"msg":"A worker is ready\."/g, 2);

    process.kill(Number(victim?.groups?.['pid']), 'SIGKILL');
    await gateway.logs('A worker is ready.', 3);

    expect(await generationsOf(gateway.port)).toEqual(['1', '1', '1', '1']);
  });

  it('loses no request while it changes', async () => {
    const { gateway, write } = await configured();
    const isOver = { value: false };
    const client = askUntil(isOver, () => gateway.port);
    for (let generation = 1; generation <= 5; generation++) {
      write(generation);
      await gateway.logs(RELOADED, generation);
    }

    isOver.value = true;
    const { answered, lost } = await client;

    expect(answered).toBeGreaterThan(0);
    expect(lost).toBe(0);
    expect(await generationsOf(gateway.port)).toEqual(['5', '5', '5', '5']);
  });
});

interface Parts {
  /** Lines of YAML. */
  readonly listeners?: string;
  readonly picky?: boolean;
}

/** Two workers with a file of generation 0; responses say of which generation they are. */
async function configured() {
  const origin = await startHttpOrigin((_request, response) => response.end('ok'));
  const folder = mkdtempSync(join(import.meta.dirname, 'workers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(join(folder, 'picky.mjs'), PICKY_PLUGIN);
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`, { mode: 0o600 });
  const write = (generation: number, { listeners = '', picky = false }: Parts = {}): void => {
    writeFileSync(
      `${path}.new`,
      `plugins: [./picky.mjs]
listeners:
  - address: 127.0.0.1:0
    handlers: [${picky ? 'picky, ' : ''}http-server-codec, http-server-lifecycle, client-request-receiver, zuul-filter-chain, client-response-writer]
${listeners}admin: { address: '127.0.0.1:0', tokenFile: '${join(folder, 'token')}' }
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
  const adminPort = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);
  return { gateway, adminPort, write };
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
