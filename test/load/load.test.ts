import { describe, it, type TestContext } from 'vitest';
import { testProcesses } from '../support/process/test-processes.ts';
import { LoadBench } from './load-bench.ts';
import { PROGRAMS } from './programs.ts';

const SHORT = {
  isShort: true,
  connections: undefined,
  minutes: undefined,
  pause: undefined,
  breakdown: undefined,
};

// At once: nothing in the short forms is a bound on a time.
describe.runIf(process.platform === 'linux').concurrent('the short form of', { timeout: 120_000 }, () => {
  for (const { name, run } of PROGRAMS) {
    it(`${name} keeps its bounds`, async (context) => {
      const findings = await run(benchOf(context), SHORT);

      context.expect(findings).not.toHaveLength(0);
      context.expect(findings.filter(({ holds }) => !holds)).toEqual([]);
    });
  }
});

function benchOf(context: TestContext): LoadBench {
  const { processes, directory } = testProcesses(context, 'load');
  return new LoadBench(processes, directory);
}
