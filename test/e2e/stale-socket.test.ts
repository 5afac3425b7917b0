import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { GatewayProcess } from './support/spawn-gateway.ts';

it.each([[[]], [['--workers', '2']]])(
  'a gateway on a Unix socket that was killed starts again: %j',
  { timeout: 30_000 },
  async (args) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-socket-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [path, socket] = [join(folder, 'gateway.yaml'), join(folder, 'socket')];
    writeFileSync(path, `listeners: [{ address: 'unix:${socket}' }]`);
    const start = (): GatewayProcess => new GatewayProcess(['run', '--config', path, ...args]);
    const killed = start();
    await killed.says(/try: .*\n/);
    killed.kill('SIGKILL');
    await killed.exit();

    const again = start();
    await again.says(/try: .*\n/);

    expect(await statusOf(socket)).toBe(404);
    const second = start();
    expect(await second.exit()).toBe(2);
    expect(second.stderr).toContain(`${socket} is in use by another program`);
    expect(await statusOf(socket)).toBe(404);
  },
);

async function statusOf(socketPath: string): Promise<number | undefined> {
  const asked = request({ socketPath, path: '/', agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}
