import { describe, expect, it, type TestContext } from 'vitest';
import { requireFreshBuild } from '../support/fresh-build.ts';
import { findProgram } from '../support/process/find-program.ts';
import { testProcesses } from '../support/process/test-processes.ts';
import { startBench } from './bench.ts';
import { parseOptions } from './options.ts';
import type { Series } from './rounds.ts';
import { SCENARIOS } from './scenarios.ts';

const PROXIES = ['sluice', 'nginx', 'haproxy'];
const isMissing = process.env['CI'] !== 'true' && !PROXIES.slice(1).every((name) => findProgram(name));

/** The short forms of the bars on speed: every request is answered right, whatever it costs. */
describe.runIf(process.platform === 'linux')('the short form of the bench', { timeout: 120_000 }, () => {
  it.skipIf(isMissing)(
    `has an answer to every request in every scenario from ${PROXIES.join()}`,
    async (context) => {
      const series = await measure(context, '--peer', PROXIES.join());

      expect(series.map(({ scenario }) => scenario)).toEqual(
        SCENARIOS.flatMap(({ name }) => PROXIES.map(() => name)),
      );
      expect(series.flatMap(faultsOf)).toEqual([]);
    },
  );

  it('has an answer to every request that is due at a rate, with each proxy on a CPU of its own', async (context) => {
    const load = ['--scenario', 'small', '--rate', '500', '--pin'];
    const series = await measure(context, ...load, '--peer', 'sluice,direct');

    expect(series.map(({ peer }) => peer)).toEqual(['sluice', 'direct']);
    expect(series.flatMap(faultsOf)).toEqual([]);
  });

  it('has an answer to every request through filters, and with two workers', async (context) => {
    const peers = ['sluice-2-workers', 'sluice-no-filter', 'sluice-20-filters', 'sluice-async-filter'];
    const series = await measure(context, '--scenario', 'small,large', '--peer', peers.join());

    expect(series).toHaveLength(2 * peers.length);
    expect(series.flatMap(faultsOf)).toEqual([]);
  });
});

async function measure(context: TestContext, ...args: string[]): Promise<Series[]> {
  requireFreshBuild();
  const { processes, directory } = testProcesses(context, 'bench');
  const bench = await startBench(parseOptions(['--short', ...args]), processes, directory);
  expect(bench.leftOut).toEqual([]);
  return bench.measure();
}

/** What is wrong with the measurements of one peer in one scenario. */
function faultsOf({ scenario, peer, rounds }: Series): string[] {
  return rounds.flatMap(({ requests, errors, firstError }) => {
    const where = `${peer} in ${scenario}`;
    if (errors > 0) return [`${where}: ${errors} requests without their answer: ${firstError}`];
    return requests === 0 ? [`${where}: no request`] : [];
  });
}
