import { describe, expect, it, onTestFinished } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessSet } from '../support/process/process-set.ts';
import { LoadBench } from './load-bench.ts';
import { PROGRAMS } from './programs.ts';

const SHORT = { isShort: true, connections: undefined, minutes: undefined, breakdown: undefined };

describe.runIf(process.platform === 'linux')('the short form of', { timeout: 60_000 }, () => {
  it.each(PROGRAMS.map((program) => [program.name, program] as const))(
    '%s keeps its bounds',
    async (_, { run }) => {
      const findings = await run(benchOfTest(), SHORT);

      expect(findings).not.toHaveLength(0);
      expect(findings.filter(({ holds }) => !holds)).toEqual([]);
    },
  );
});

function benchOfTest(): LoadBench {
  const processes = new ProcessSet();
  const directory = mkdtempSync(join(tmpdir(), 'sluice-load-'));
  onTestFinished(async () => {
    await processes.close();
    rmSync(directory, { recursive: true });
  });
  return new LoadBench(processes, directory);
}
