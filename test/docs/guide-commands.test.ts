import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findPeer } from '../support/process/find-program.ts';
import { hasLines, runPage } from './support/run-page.ts';

const PROGRAMS = ['bash', 'curl', 'openssl'];

describe.skipIf(PROGRAMS.some((program) => findPeer(program) === undefined))('the commands of', () => {
  it.each(['docs/guides/tls.md', 'docs/operations.md'])(
    '%s print what it shows',
    async (path) => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-page-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const commands = await runPage(readFileSync(path, 'utf8'), folder);

      expect(commands.length).toBeGreaterThan(20);
      for (const { command, shown, printed } of commands) {
        expect(hasLines(printed, shown), `$ ${command}\n${printed}\nexpected:\n${shown.join('\n')}`).toBe(
          true,
        );
      }
    },
    120_000,
  );
});
