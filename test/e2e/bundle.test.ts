import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../tools/bundle.ts';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';

const MAX_BYTES = 1_150_000;
const MAX_COMPRESSED_BYTES = 370_000;
const PLUGIN = fileURLToPath(new URL('support/blocking-plugin.js', import.meta.url));

const run = promisify(execFile);
// Not below the repository: what the file does not have, it does not find by chance.
const folder = mkdtempSync(join(tmpdir(), 'sluice-one-file-'));
const program = join(folder, 'sluice.mjs');

describe('the command in one file', { timeout: 60_000 }, () => {
  beforeAll(() => bundle(program), 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is as small as it says', () => {
    const bytes = readFileSync(program);

    expect(bytes.length).toBeLessThan(MAX_BYTES);
    expect(gzipSync(bytes).length).toBeLessThan(MAX_COMPRESSED_BYTES);
  });

  it.each([['--version'], ['--help'], ['proxy', '--help'], ['explain', '--json']])(
    'says what the package says: %s %s',
    async (...args) => {
      const [own, packaged] = await Promise.all([
        run(process.execPath, [program, ...args], { cwd: folder }),
        run(process.execPath, ['packages/cli/bin/sluice.js', ...args]),
      ]);

      expect(own.stdout).toBe(packaged.stdout);
    },
  );

  it('proxies, and ends at SIGTERM with 0', async () => {
    const gateway = await start(['--admin', '127.0.0.1:0', '--access-log', join(folder, 'access.log')]);

    const { status, body } = await ask(gateway.port, { path: '/x' });
    gateway.kill('SIGTERM');

    expect([status, body.toString()]).toEqual([200, 'from the origin']);
    expect(await gateway.exit()).toBe(0);
    expect(readFileSync(join(folder, 'access.log'), 'utf8')).toContain('/x');
  });

  it('is the program of its workers too', async () => {
    const gateway = await start(['--workers', '2', '--admin', '127.0.0.1:0']);
    await gateway.logs('A worker is ready.', 2);
    const admin = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);

    for (let left = 4; left > 0; left--) expect((await ask(gateway.port)).status).toBe(200);
    const metrics = (await ask(admin, { path: '/metrics' })).body.toString();

    expect(metrics).toMatch(/^workers_ready\{worker="2"\} 1$/m);
    expect(metrics).toMatch(/^server_http_requests_completed_total\{.*reason="SESSION_COMPLETE"\} 4$/m);
    gateway.kill('SIGTERM');
    expect(await gateway.exit()).toBe(0);
  });

  it('has the thread that names what blocks the event loop', async () => {
    const preload = join(folder, 'block.mjs');
    writeFileSync(preload, BLOCKING);
    const gateway = await start([], { SLUICE_BLOCKED_AFTER_MS: '100', NODE_OPTIONS: `--import ${preload}` });

    // The thread that looks at what runs starts a moment after the gateway: until then nobody knows.
    for (let blocks = 1; !/"culprit":"[^"]*blockTheLoop"/.test(gateway.stderr); blocks++) {
      gateway.kill('SIGURG');
      await gateway.logMatches(/"culprit":/g, blocks);
    }
  });

  it('serves what a file declares, and refuses a plugin that brings its own copy of the packages', async () => {
    writeFileSync(join(folder, 'gateway.yaml'), DECLARED);
    writeFileSync(join(folder, 'plugin.yaml'), `plugins: ['${PLUGIN}']\n${DECLARED}`);

    const { stdout } = await run(process.execPath, [program, 'check', '--config', 'gateway.yaml'], {
      cwd: folder,
    });
    const refused = run(process.execPath, [program, 'check', '--config', 'plugin.yaml'], { cwd: folder });

    expect(stdout).toBe('gateway.yaml is good.\n');
    await expect(refused).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /plugin\.yaml:1:11 plugins\[0\]: .*it brings a copy of @sluice\/core of its own/,
      ),
    });
  });

  it('says where a project is to be had, since it has no template', async () => {
    await expect(run(process.execPath, [program, 'init', 'edge'], { cwd: folder })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm create sluice FOLDER'),
    });
  });

  it('runs from anywhere', async () => {
    const other = join(folder, 'renamed.mjs');
    copyFileSync(program, other);

    expect((await run(process.execPath, [other, '--version'], { cwd: tmpdir() })).stdout).toMatch(/^\d/);
  });
});

async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const origin = await startHttpOrigin((_request, response) => void response.end('from the origin'));
  const to = ['proxy', '--listen', '127.0.0.1:0', '--to', `http://127.0.0.1:${origin}`];
  const gateway = new GatewayProcess([...to, ...args], env, program);
  await gateway.says(/try: .*\n/);
  return gateway;
}

const BLOCKING = `
process.on('SIGURG', function blockTheLoop() {
  const end = performance.now() + 1000;
  let count = 0;
  while (performance.now() < end) count++;
  return count;
});
`;

const DECLARED = `listeners: [{ address: 127.0.0.1:0 }]
routes: [{ response: { status: 204 } }]
`;
