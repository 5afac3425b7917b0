import { parseArgs } from 'node:util';
import { LoadBench } from '../load/load-bench.ts';
import { wholeNumber } from '../support/option-numbers.ts';
import type { ProcessSet } from '../support/process/process-set.ts';
import { runWithProcesses } from '../support/process/run-with-processes.ts';
import { BusyGateways } from './proxy/busy-gateways.ts';
import type { ProxyOptions, ProxyUnderTest } from './proxy/proxy-under-test.ts';
import { runningProxy } from './proxy/running-proxy.ts';
import { sluiceGateway } from './proxy/sluice-gateway.ts';
import { allJobs, byOptions, type Job } from './runner/job.ts';
import { LanePool } from './runner/lane-pool.ts';
import { report } from './runner/report.ts';
import { Scoreboard } from './runner/scoreboard.ts';
import { FEEDINGS, type Feeding } from './wire/feeding.ts';

const USAGE = `Runs the conformance cases and prints each that fails, with the bytes on every side.

  npm run conformance -- [options]

  --case TEXT         only cases whose id contains TEXT; shown even when they hold
  --category NAME     only cases of this category
  --feeding NAME      ${FEEDINGS.join(', ')}, or all; may be repeated; default whole
  --busy N            beside N connections to each gateway that always have a request in flight
  --to PORT           a running proxy on this loopback port, in place of the built gateway
  --origin-port PORT  where that proxy finds its origin
  --lanes N           cases at a time, default 4; always 1 with --to
  --deadline-ms MS    how long a case may wait for what it expects
  --quiet             failures in one line each
`;

const MOST_BUSY = 1_000;

const { values: options } = parseArgs({
  options: {
    case: { type: 'string' },
    category: { type: 'string' },
    feeding: { type: 'string', multiple: true, default: ['whole'] },
    busy: { type: 'string' },
    to: { type: 'string' },
    'origin-port': { type: 'string', default: '0' },
    lanes: { type: 'string', default: '4' },
    'deadline-ms': { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(USAGE);
else process.exitCode = await runWithProcesses('conformance', main);

async function main(processes: ProcessSet, directory: string): Promise<number> {
  const proxy = proxyUnderTest(processes, directory);
  const jobs = chosenJobs();
  const scoreboard = new Scoreboard(new Map());
  for (const feeding of feedings()) {
    const fed = jobs.filter((job) => job.feedings.includes(feeding));
    for (const [needed, group] of byOptions(fed)) await runJobs(proxy, group, feeding, needed, scoreboard);
  }
  console.log(`${scoreboard.held} of ${scoreboard.total} cases hold`);
  const allHold = scoreboard.total > 0 && scoreboard.held === scoreboard.total;
  return areNeighboursWell(proxy) && allHold ? 0 : 1;
}

function chosenJobs(): readonly Job[] {
  return (
    allJobs()
      .filter(({ id }) => id.includes(options.case ?? ''))
      .filter(({ category }) => options.category === undefined || category === options.category)
      // A proxy that runs already can't be told to await a header.
      .filter(({ options: needed }) => options.to === undefined || needed.proxyProtocolFrom === undefined)
  );
}

function proxyUnderTest(processes: ProcessSet, directory: string): ProxyUnderTest {
  if (options.to !== undefined) return runningProxy(Number(options.to));
  if (options.busy === undefined) return sluiceGateway;
  const connections = wholeNumber('busy', options.busy, MOST_BUSY);
  return new BusyGateways(new LoadBench(processes, directory), { connections, answerDelayMs: 0 });
}

/** Whether each request of busy connections had its own answer; says so. */
function areNeighboursWell(proxy: ProxyUnderTest): boolean {
  if (!(proxy instanceof BusyGateways)) return true;
  const { answered, failures } = proxy.counts;
  console.log([`${answered} requests beside were answered`, ...failures].join('\n'));
  return failures.length === 0;
}

async function runJobs(
  proxy: ProxyUnderTest,
  jobs: readonly Job[],
  feeding: Feeding,
  needed: ProxyOptions,
  scoreboard: Scoreboard,
): Promise<void> {
  const pool = await openPool(proxy, needed);
  try {
    await pool.map(jobs, async (lane, job) => {
      const outcome = await job.run(lane, feeding);
      const [line] = scoreboard.add([outcome]);
      if (options.quiet) console.log(line ?? `${outcome.id}: ok`);
      else if (line !== undefined || options.case !== undefined)
        console.log(report(outcome, job.sent, job.why));
    });
  } finally {
    await pool.close();
  }
}

function openPool(proxy: ProxyUnderTest, needed: ProxyOptions): Promise<LanePool> {
  const deadline = options['deadline-ms'] === undefined ? {} : { deadlineMs: Number(options['deadline-ms']) };
  const laneOptions = { ...needed, ...deadline, originPort: Number(options['origin-port']) };
  return LanePool.open(proxy, options.to === undefined ? Number(options.lanes) : 1, laneOptions);
}

function feedings(): readonly Feeding[] {
  if (options.feeding.includes('all')) return FEEDINGS;
  return options.feeding.map((name) => {
    const feeding = FEEDINGS.find((known) => known === name);
    if (!feeding) throw new Error(`--feeding ${name}: expected all or one of ${FEEDINGS.join(', ')}`);
    return feeding;
  });
}
