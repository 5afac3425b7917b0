import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessSet } from './process-set.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program that starts processes and writes files, and ends and removes all of them, however it ends. Resolves to
 * the exit code: that of `run`, 1 with the message on standard error when it throws, 128 and more when a signal ended it.
 */
export async function runWithProcesses(
  name: string,
  run: (processes: ProcessSet, directory: string) => Promise<number>,
): Promise<number> {
  const processes = new ProcessSet();
  const directory = mkdtempSync(join(tmpdir(), `sluice-${name}-`));
  let interruptedBy: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    interruptedBy ??= signal;
    // This fails the step that waits for one of them, so that an interrupted run leaves by `finally` as well.
    void processes.close();
  };
  const killAll = (): void => processes.killAll();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  process.once('exit', killAll);
  try {
    return await run(processes, directory);
  } catch (error) {
    if (interruptedBy) return 128 + constants.signals[interruptedBy];
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await processes.close();
    rmSync(directory, { recursive: true, force: true });
    for (const signal of SIGNALS) process.off(signal, interrupt);
    process.off('exit', killAll);
  }
}
