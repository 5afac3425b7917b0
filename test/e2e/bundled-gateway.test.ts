import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../tools/bundle.ts';
import type { BundleParts } from '../../tools/bundle.ts';
import { freePort } from '../support/process/free-port.ts';
import { ask } from './support/http-client.ts';

const PROGRAM = 'examples/api-gateway/main.ts';
const MAX_BYTES = 600_000;
/** What only those have who import it: files of configuration, the text for Prometheus, the operator's listener. */
const LEFT_OUT = ['yaml', 'prom-client', '@opentelemetry/api', 'config', 'admin', 'cli', 'pino', 're2js'];

// Not below the repository: what the file does not have, it does not find by chance.
const folder = mkdtempSync(join(tmpdir(), 'sluice-bundled-'));
const file = join(folder, 'gateway.mjs');

describe('a gateway that is declared in TypeScript, in one file', { timeout: 60_000 }, () => {
  let parts: BundleParts;

  beforeAll(async () => {
    parts = await bundleProgram(PROGRAM, file);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it(`has less than ${MAX_BYTES / 1000} kB`, () => {
    const { length } = readFileSync(file);

    expect(length, `Its biggest parts, before they are minified: ${biggest(parts)}`).toBeLessThan(MAX_BYTES);
  });

  it('has nothing of what it does not use', () => {
    expect([...parts.keys()]).toEqual(expect.arrayContaining(['core', 'gateway', 'undici', 'zod']));
    expect(LEFT_OUT.filter((name) => parts.has(name))).toEqual([]);
  });

  it('serves where there are no packages', async () => {
    const port = await freePort();
    await started(file, port);

    const { status, body } = await ask(port, { path: '/healthz' });

    expect([status, body.toString()]).toEqual([200, 'ok\n']);
  });
});

function biggest(parts: BundleParts): string {
  const ordered = [...parts].toSorted(([, one], [, other]) => other - one).slice(0, 8);
  return ordered.map(([name, bytes]) => `${name} ${Math.round(bytes / 1000)} kB`).join(', ');
}

/** Resolves with the first word of the program, which ends with the test. */
function started(program: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [program], { cwd: folder, env: { PORT: String(port) } }, (err) =>
      reject(err ?? new Error('It ended without a word.')),
    );
    child.stdout?.once('data', () => resolve());
    onTestFinished(() => void child.kill());
  });
}
