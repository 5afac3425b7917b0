import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireFreshBuild } from '../support/fresh-build.ts';
import { freePort } from '../support/process/free-port.ts';
import { ProcessSet } from '../support/process/process-set.ts';
import { waitUntilReady } from '../support/process/wait-until-ready.ts';
import { countedOrigin } from './counted-origin.ts';

const MAIN = fileURLToPath(new URL('../../apps/gateway/dist/main.js', import.meta.url));
const PROBE = fileURLToPath(new URL('files-probe.js', import.meta.url));
const ANSWER_MS = 30_000;
// What was counted (413), and a little. Lower it when it has fallen.
const MAX_FILES = 420;

/** What a gateway without a file loads until it has answered its first request. */
describe('a start in quick mode', { timeout: 60_000 }, () => {
  const processes = new ProcessSet();
  const directory = mkdtempSync(join(tmpdir(), 'sluice-counts-'));
  let files: readonly string[];

  beforeAll(async () => {
    files = await filesOfStart();
  }, 60_000);

  afterAll(async () => {
    await processes.close();
    rmSync(directory, { recursive: true });
  });

  it(`loads ${MAX_FILES} files at most`, () => {
    expect(files).toContainEqual(expect.stringContaining('/packages/core/'));
    expect(files.length).toBeLessThanOrEqual(MAX_FILES);
  });

  it.each([
    ['yaml', 'the parser of configuration files'],
    ['rxjs', 'what they are watched with'],
    ['packages/config', 'configuration files'],
    ['packages/discovery', 'servers that are looked for'],
    ['packages/create-sluice', 'the project template'],
    ['prom-client', 'the text for Prometheus'],
    ['@opentelemetry', 'what comes with it'],
  ])('loads nothing of %s: %s', (name) => {
    expect(files.filter((file) => file.includes(`/${name}/`))).toEqual([]);
  });

  it('has with an admin listener what figures are told with before somebody asks', async () => {
    const operated = await filesOfStart('--admin', '127.0.0.1:0');

    expect(operated).toContainEqual(expect.stringContaining('/prom-client/'));
  });

  async function filesOfStart(...options: readonly string[]): Promise<readonly string[]> {
    requireFreshBuild();
    const { server, port: originPort } = await countedOrigin();
    const port = await freePort();
    const command = ['proxy', '--to', `http://127.0.0.1:${originPort}`, '--listen', `127.0.0.1:${port}`];
    const gateway = processes.start({
      name: 'gateway',
      file: process.execPath,
      args: ['--import', PROBE, MAIN, ...command, ...options],
      logFile: join(directory, 'gateway.log'),
    });
    await waitUntilReady(gateway, port, false);
    const files = (await gateway.ask({ ask: 'files' }, ANSWER_MS)) as readonly string[];
    server.close();
    return files;
  }
});
