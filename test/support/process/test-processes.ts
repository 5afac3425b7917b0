import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { ProcessSet } from './process-set.ts';

/** Processes and a folder for one test; when it is over all of them end, and the folder goes. */
export function testProcesses(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  name: string,
): { readonly processes: ProcessSet; readonly directory: string } {
  const processes = new ProcessSet();
  const directory = mkdtempSync(join(tmpdir(), `sluice-${name}-`));
  onTestFinished(async () => {
    await processes.close();
    rmSync(directory, { recursive: true });
  });
  return { processes, directory };
}
