import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

/** What a figure must stand beside to mean something later. */
export type Machine = {
  cores: number;
  cpu: string;
  memoryGiB: number;
  kernel: string;
  node: string;
  /** Commit of this tree; absent outside of a git checkout. */
  commit?: string;
};

export function describeMachine(): Machine {
  const commit = currentCommit();
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.version,
    ...(commit === undefined ? {} : { commit }),
  };
}

/** One line for the head of a report. */
export function machineLine({ cores, cpu, memoryGiB, kernel, node, commit }: Machine): string {
  const parts = [`${cores} cores (${cpu})`, `${memoryGiB} GiB`, kernel, `Node ${node}`];
  return [...parts, ...(commit === undefined ? [] : [`commit ${commit}`])].join(', ');
}

function currentCommit(): string | undefined {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', '--verify', 'HEAD'], {
    cwd,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}
