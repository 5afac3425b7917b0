import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { GatewayProcess, spawnGateway } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const SLUICE = fileURLToPath(new URL('../../packages/cli/bin/sluice.js', import.meta.url));
const PRELOAD = new URL('support/first-listener-preload.js', import.meta.url).href;
const INSPECTOR = 'Debugger listening';
const IGNORED = 'SIGUSR2 does nothing here';
const RESTARTED = 'All workers are new';

describe('while a gateway starts', { timeout: 30_000 }, () => {
  it('signals that are for one that runs neither end it nor open the inspector', async () => {
    const { gateway, checked, answerChecks } = await startingGateway();
    await checked;

    for (const signal of ['SIGUSR1', 'SIGHUP', 'SIGUSR2'] as const) gateway.kill(signal);
    await gateway.logs(IGNORED, 1);
    answerChecks();
    await gateway.says(/try: .*\n/);

    expect((await ask(gateway.port)).body.toString()).toBe('well');
    expect(gateway.stderr).not.toContain(INSPECTOR);
  });

  it('workers are changed for new ones when all have started', async () => {
    const { gateway, checked, answerChecks } = await startingGateway('--workers', '2');
    await checked;

    for (const signal of ['SIGUSR1', 'SIGHUP', 'SIGUSR2'] as const) gateway.kill(signal);
    answerChecks();
    await gateway.says(/try: .*\n/);
    await gateway.logs(RESTARTED, 1);

    expect((await ask(gateway.port)).body.toString()).toBe('well');
    expect(gateway.stderr).not.toContain(INSPECTOR);
  });

  it.each([
    ['the gateway with two demo origins', undefined],
    ['the command', SLUICE],
  ])('SIGUSR1 is listened to before anything is loaded: %s', async (_, program) => {
    const gateway = new GatewayProcess(['--version'], { NODE_OPTIONS: `--import ${PRELOAD}` }, program);

    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toBe('has loaded reflect-metadata: false\n');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('%s ends it at once, with 0', async (signal) => {
    const { gateway, checked } = await startingGateway();
    await checked;

    gateway.kill(signal);

    expect(await gateway.exit()).toBe(0);
    expect(gateway.stderr).toContain('Ended before it was started.');
  });
});

describe('SIGUSR2', { timeout: 30_000 }, () => {
  it('loses no request where there are no workers, and says that it does nothing', async () => {
    const origin = await RawOrigin.listen();
    const gateway = await spawnGateway(['--to', `http://127.0.0.1:${origin.port}`]);
    const client = await dial(gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const request = await origin.connection();
    await request.take(/\r\n\r\n$/);

    gateway.kill('SIGUSR2');
    await gateway.logs(IGNORED, 1);
    request.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

    await client.take(/\r\n\r\nok$/);
  });

  it('does nothing to a worker that it is sent to', async () => {
    const origin = await startHttpOrigin((_request, response) => response.end('ok'));
    const gateway = await spawnGateway(['--to', `http://127.0.0.1:${origin}`, '--workers', '2']);
    const ready = await gateway.logMatches(/"pid":(\d+),"msg":"A worker is ready\."/g, 2);

    for (const [, pid] of ready) process.kill(Number(pid), 'SIGUSR2');
    await gateway.logs(IGNORED, 2);

    expect((await ask(gateway.port)).body.toString()).toBe('ok');
    expect(gateway.stderr).not.toContain('A worker ended');
  });
});

interface StartingGateway {
  readonly gateway: GatewayProcess;
  /** Resolves when it has asked its server whether it is well. */
  readonly checked: Promise<void>;
  /** Answers that, and all that it asks later, so that it starts. */
  answerChecks(): void;
}

/** The program at its start, which waits for the answer of a server. */
async function startingGateway(...args: readonly string[]): Promise<StartingGateway> {
  let isAnswering = false;
  const waiting: ServerResponse[] = [];
  let asked: () => void = () => {};
  const checked = new Promise<void>((resolve) => (asked = resolve));
  const origin = await startHttpOrigin((_request, response) => {
    asked();
    if (isAnswering) response.end('well');
    else waiting.push(response);
  });
  const folder = mkdtempSync(join(tmpdir(), 'sluice-signals-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(
    path,
    `listeners: [{ address: '127.0.0.1:0' }]
origins: [{ name: web, servers: ['127.0.0.1:${origin}'], healthCheck: { path: /alive, timeoutMs: 20000, intervalMs: 20000 } }]
routes: [{ origin: web }]
`,
  );
  return {
    gateway: new GatewayProcess(['run', '--config', path, ...args]),
    checked,
    answerChecks() {
      isAnswering = true;
      for (const response of waiting.splice(0)) response.end('well');
    },
  };
}
