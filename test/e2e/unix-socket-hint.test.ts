import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { GatewayProcess } from './support/spawn-gateway.ts';

const run = promisify(execFile);

it.each([[[]], [['--workers', '2']]])(
  'what a gateway on a Unix socket says to try can be run: %j',
  { timeout: 30_000 },
  async (args) => {
    const folder = mkdtempSync(join(tmpdir(), "sluice's socket-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'gateway.yaml');
    const [socket, admin] = [join(folder, 'socket'), join(folder, 'admin')];
    writeFileSync(
      path,
      `listeners: [{ address: "unix:${socket}" }]\nadmin: { address: "unix:${admin}" }\nroutes: [{ response: { status: 200, body: hi } }]`,
    );
    const gateway = new GatewayProcess(['run', '--config', path, ...args]);
    await gateway.says(/try: .*\n/);
    const [, command = ''] = /try: +(.*)\n/.exec(gateway.stdout) ?? [];

    expect(gateway.stdout).toContain(`sluice is listening on unix:${socket}\n`);
    expect(gateway.stdout).toMatch(/ admin: +unix:.*\/admin\n/);
    expect((await run('sh', ['-c', command])).stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*\r\nhi$/);
  },
);
