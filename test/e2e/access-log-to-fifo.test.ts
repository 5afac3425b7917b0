import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { spawnGateway } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';

it.each([
  ['a program', []],
  ['a worker', ['--workers', '2']],
])('%s whose access log is a FIFO without a reader ends by SIGTERM', { timeout: 30_000 }, async (_, args) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fifo-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const fifo = join(folder, 'access.log');
  execFileSync('mkfifo', [fifo]);
  const origin = await startHttpOrigin((_request, response) => response.end('ok'));
  const to = ['--to', `http://127.0.0.1:${origin}`, '--access-log', fifo, ...args];
  const gateway = await spawnGateway(to);
  await ask(gateway.port);
  gateway.kill('SIGTERM');

  expect(await gateway.exit()).toBe(0);
  expect(gateway.stderr).toContain('The access log can not be written; lines are lost.');
});
