import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const CGROUP_LIMIT = '/sys/fs/cgroup/cpu.max';

/**
 * How many workers keep the machine busy: one for each core that this process may use, and no more
 * than the CPU time that its container is given (cgroup v2, rounded up).
 */
export function defaultWorkerCount(
  cores: number = availableParallelism(),
  cpuMax: string | undefined = readCpuMax(),
): number {
  const [quota = 'max', period = '100000'] = cpuMax?.trim().split(' ') ?? [];
  const limit = Number(quota) / Number(period);
  return Number.isFinite(limit) && limit > 0 ? Math.min(cores, Math.ceil(limit)) : cores;
}

function readCpuMax(): string | undefined {
  try {
    return readFileSync(CGROUP_LIMIT, 'latin1');
  } catch {
    return undefined;
  }
}
