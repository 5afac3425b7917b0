import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startHttpOrigin } from './support/start-gateway.ts';

const run = promisify(execFile);
const root = mkdtempSync(join(tmpdir(), 'create-sluice-'));
const folder = join(root, 'edge');

describe('a project of sluice init', () => {
  beforeAll(async () => {
    await run('packages/cli/bin/sluice.js', ['init', folder]);
    // What npm install would put there, without a network.
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('is the one that npm create sluice writes', async () => {
    const other = join(root, 'other', 'edge');
    const { stdout } = await run('packages/create-sluice/bin/create-sluice.js', [other]);
    const files = readdirSync(other, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );

    expect(stdout).toBe(
      `Wrote ${files.length} files to ${other}. Now:\n\n  cd ${other}\n  npm install\n  npm test\n  npm start\n`,
    );
    for (const { name, parentPath } of files) {
      const path = join(parentPath, name);
      expect(readFileSync(join(folder, relative(other, path)), 'utf8'), name).toBe(
        readFileSync(path, 'utf8'),
      );
    }
  });

  it('completes its configuration in editors, with the schema that is published', () => {
    const [first = ''] = readFileSync(join(folder, 'gateway.yaml'), 'utf8').split('\n');
    const schema = /^# yaml-language-server: \$schema=(?<path>\S+)$/.exec(first)?.groups?.['path'] ?? '';

    expect(JSON.parse(readFileSync(join(folder, schema), 'utf8'))).toMatchObject({ title: 'Sluice gateway' });
  });

  it('is not written over something else', async () => {
    const failed = await run('packages/cli/bin/sluice.js', ['init', folder]).catch((error: unknown) => error);

    expect(failed).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/is not empty: there is/),
    });
  });

  it('passes its own tests', async () => {
    const { stdout } = await run('npm', ['test'], { cwd: folder, env: plainEnvironment() });

    expect(stdout).toMatch(/Tests +\d+ passed \(\d+\)/);
  }, 120_000);

  it('starts, proxies, and ends at SIGTERM when requests are over', async () => {
    const port = await startHttpOrigin((_request, response) => void response.end('hello'));
    await run('npm', ['run', 'build'], { cwd: folder, env: plainEnvironment() });
    const child = spawn(process.execPath, ['dist/main.js'], {
      cwd: folder,
      env: { ...plainEnvironment(), PORT: '0', ORIGIN: `127.0.0.1:${port}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = `http://${/listening on (\S+)/.exec(String(line))?.[1]}`;
    const response = await fetch(url);

    expect(await response.text()).toBe('hello');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 120_000);

  it('says what is wrong with its file, and where', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(
      file,
      readFileSync(join(folder, 'gateway.yaml'), 'utf8').replace('origin: app', 'origin: ap'),
    );
    const failed = await run(process.execPath, ['dist/main.js', 'wrong.yaml'], { cwd: folder }).catch(
      (error: unknown) => error,
    );

    expect(failed).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/wrong\.yaml:17:13 .*"ap".*Did you mean "app"/),
    });
  });

  it('says in a line that it has no access log and no admin listener', async () => {
    const declared = readFileSync(join(folder, 'gateway.yaml'), 'utf8');
    writeFileSync(join(folder, 'logged.yaml'), `${declared}\naccessLog: { destination: stdout }\n`);
    const failed = await run(process.execPath, ['dist/main.js', 'logged.yaml'], { cwd: folder }).catch(
      (error: unknown) => error,
    );

    expect(failed).toMatchObject({
      code: 2,
      stderr: 'logged.yaml: accessLog and admin are of the sluice command; this program has neither.\n',
    });
  });
});

describe('create-sluice upgrade', () => {
  const upgrade = (folder: string, ...options: string[]) =>
    run('packages/create-sluice/bin/create-sluice.js', ['upgrade', folder, ...options]);

  it('finds nothing to change in a project that was made with it', async () => {
    const { stdout } = await upgrade(await oldProject(`import { Gateway } from '@sluice/gateway';\n`));

    expect(stdout).toMatch(/^Nothing to change/);
  });

  it('shows what it would change, and changes it when git has all that was there', async () => {
    const folder = await oldProject(`import { RouterFilter } from '@sluice/gateway';\n`);
    const code = (): string => readFileSync(join(folder, 'main.ts'), 'utf8');

    expect((await upgrade(folder, '--dry-run')).stdout).toContain('Nothing was written: --dry-run.');
    expect(code()).toContain('@sluice/gateway');
    expect((await upgrade(folder)).stdout).toContain('Wrote 2 files. Now: npm install && npm test');
    expect(code()).toBe(`import { RouterFilter } from '@sluice/router';\n`);
  });

  it('leaves a project with changes that are not committed alone, unless it is forced', async () => {
    const folder = await oldProject(`import { RouterFilter } from '@sluice/gateway';\n`);
    writeFileSync(join(folder, 'notes'), '');

    await expect(upgrade(folder)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/not committed[^]*\?\? notes[^]*--force/),
    });
    expect((await upgrade(folder, '--force')).stdout).toContain('Wrote 2 files.');
  });

  it('says what can not be', async () => {
    await expect(upgrade('.', 'there')).rejects.toMatchObject({ stderr: 'Unexpected argument: there\n' });
    await expect(upgrade(tmpdir())).rejects.toMatchObject({ stderr: expect.stringMatching(/^There is no /) });
  });
});

/** A project with one file of code, which a repository of git holds. */
async function oldProject(code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'create-sluice-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'main.ts'), code);
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ dependencies: { '@sluice/gateway': '0.0.0' } }, undefined, 2)}\n`,
  );
  const git = (...args: string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=edge', '-c', 'user.email=edge@example.com', ...args]);
  await git('init');
  await git('add', '.');
  await git('commit', '-m', 'all');
  return folder;
}

/** Without what this run of tests has put there. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => !/^(?:VITEST|NODE_|npm_)/.test(name));
  return { ...Object.fromEntries(names.map((name) => [name, process.env[name]])), NO_COLOR: '1' };
}
