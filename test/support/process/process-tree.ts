import { readdirSync, readFileSync } from 'node:fs';
import { parseProcStat, parseRss, type ProcStat } from './proc-stat.ts';

/** What a process tree has used. */
export type TreeUsage = {
  /** User and system time since each process began; children that ended and were waited for are included. */
  cpuMicros: number;
  /** Sum of the resident memory; pages that processes share count once for each of them. */
  rssBytes: number;
};

/** Lists every process of the machine. */
export function readProcesses(): ProcStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readProcFile(pid, 'stat'))
    .filter((text) => text !== undefined)
    .map((text) => parseProcStat(text));
}

/**
 * Picks `root` and everything that it started: its descendants, and the members of its session, since a child whose
 * parent has ended is no descendant any more.
 */
export function processTree(root: number, processes: readonly ProcStat[]): ProcStat[] {
  const byPid = new Map(processes.map((one) => [one.pid, one]));
  const belongs = (one: ProcStat | undefined): boolean =>
    one !== undefined && (one.pid === root || one.session === root || belongs(byPid.get(one.parent)));
  return processes.filter((one) => belongs(one));
}

/** Reads what the tree under `root` has used up to now. */
export function treeUsage(root: number): TreeUsage {
  const tree = processTree(root, readProcesses());
  return {
    cpuMicros: sum(tree.map((one) => one.cpuMicros)),
    rssBytes: sum(tree.map((one) => parseRss(readProcFile(String(one.pid), 'status') ?? ''))),
  };
}

/** A process may end between the listing and the reading. */
function readProcFile(pid: string, file: 'stat' | 'status'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
