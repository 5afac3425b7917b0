/**
 * The kernel reports CPU times to user space in ticks of 1/100 s (USER_HZ) on every architecture that Node runs on,
 * whatever its own timer frequency is.
 */
const MICROS_PER_TICK = 10_000;

/** What `/proc/PID/stat` tells of one process (proc_pid_stat(5)). */
export type ProcStat = {
  pid: number;
  parent: number;
  session: number;
  /** Since boot, in ticks. With the pid it names one process for good, since pids are used again. */
  startTime: number;
  /** User and system time of the process and of the children that it has waited for. */
  cpuMicros: number;
};

/** Reads a line of `/proc/PID/stat`; the process name in it may contain spaces, parentheses and line ends. */
export function parseProcStat(text: string): ProcStat {
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  // Fields are numbered from 1 in the manual; the first after the name is number 3.
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid: Number.parseInt(text, 10),
    parent: field(4),
    session: field(6),
    startTime: field(22),
    cpuMicros: (field(14) + field(15) + field(16) + field(17)) * MICROS_PER_TICK,
  };
}

/** Resident memory in `/proc/PID/status`, in bytes; 0 for a process that has none left, such as a zombie. */
export function parseRss(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return Number(kibibytes ?? 0) * 1024;
}
