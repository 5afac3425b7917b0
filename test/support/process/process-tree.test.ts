import { describe, expect, it } from 'vitest';
import { parseProcStat, parseRss, type ProcStat } from './proc-stat.ts';
import { processTree, treeUsage } from './process-tree.ts';

describe('parseProcStat', () => {
  it.each(['nginx', 'tmux: server', '((sd-pam))', 'a) R 1 2 3 (b', 'two\nlines'])(
    'reads the fields behind the process name %j',
    (name) => {
      const line = `4242 (${name}) S 17 4242 4000 0 -1 4194304 103 9 8 7 150 25 30 5 20 0 1 0 63966 2998272 395\n`;

      expect(parseProcStat(line)).toEqual({
        pid: 4242,
        parent: 17,
        session: 4000,
        startTime: 63_966,
        cpuMicros: 2_100_000,
      });
    },
  );
});

describe('parseRss', () => {
  it('reads kibibytes', () => {
    expect(parseRss('Name:\tnode\nVmHWM:\t  9000 kB\nVmRSS:\t  8192 kB\nThreads:\t1\n')).toBe(8_388_608);
  });

  it('is 0 for a process without memory', () => {
    expect(parseRss('Name:\tnginx\nState:\tZ (zombie)\n')).toBe(0);
  });
});

describe('processTree', () => {
  it('holds descendants and orphans of the session, and no one else', () => {
    const processes = [
      processOf({ pid: 1, parent: 0, session: 1 }),
      processOf({ pid: 10, parent: 1, session: 10 }),
      processOf({ pid: 11, parent: 10, session: 10 }),
      processOf({ pid: 12, parent: 11, session: 12 }),
      processOf({ pid: 13, parent: 1, session: 10 }),
      processOf({ pid: 20, parent: 1, session: 20 }),
    ];

    expect(processTree(10, processes).map(({ pid }) => pid)).toEqual([10, 11, 12, 13]);
  });

  it.runIf(process.platform === 'linux')('finds what this very process uses', () => {
    const { cpuMicros, rssBytes } = treeUsage(process.pid);

    expect(cpuMicros).toBeGreaterThan(0);
    expect(rssBytes).toBeGreaterThan(1_048_576);
  });
});

function processOf(fields: Pick<ProcStat, 'pid' | 'parent' | 'session'>): ProcStat {
  return { startTime: 0, cpuMicros: 0, ...fields };
}
