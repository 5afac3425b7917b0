import { parseArgs } from 'node:util';
import { loadRequestCases, loadResponseCases } from './case/case-files.ts';
import type { RequestCase } from './case/request-case.ts';
import type { ResponseCase } from './case/response-case.ts';
import { runningProxy } from './proxy/running-proxy.ts';
import { sluiceGateway } from './proxy/sluice-gateway.ts';
import type { Lane, LaneOptions } from './runner/lane.ts';
import { LanePool } from './runner/lane-pool.ts';
import { needsShortTimeout, requestOf, SHORT_UPSTREAM_IDLE_TIMEOUT_MS } from './runner/origin-script.ts';
import { tryRequest, tryResponse, type Outcome } from './runner/outcome.ts';
import { report } from './runner/report.ts';
import { Scoreboard } from './runner/scoreboard.ts';
import { FEEDINGS, type Feeding } from './wire/feeding.ts';

const USAGE = `Runs the conformance cases and prints each that fails, with the bytes on every side.

  npx tsx test/conformance/run.ts [options]

  --case TEXT         only cases whose id contains TEXT; shown even when they hold
  --category NAME     only cases of this category
  --feeding NAME      ${FEEDINGS.join(', ')}; may be repeated; default whole
  --to PORT           a running proxy on this loopback port, in place of the built gateway
  --origin-port PORT  where that proxy finds its origin
  --lanes N           cases at a time, default 4; always 1 with --to
  --deadline-ms MS    how long a case may wait for what it expects
  --quiet             failures in one line each
`;

interface Job {
  readonly id: string;
  readonly category: string;
  readonly isSlow: boolean;
  readonly sent: string;
  readonly why: string;
  run(lane: Lane, feeding: Feeding): Promise<Outcome>;
}

const { values: options } = parseArgs({
  options: {
    case: { type: 'string' },
    category: { type: 'string' },
    feeding: { type: 'string', multiple: true, default: ['whole'] },
    to: { type: 'string' },
    'origin-port': { type: 'string', default: '0' },
    lanes: { type: 'string', default: '4' },
    'deadline-ms': { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const jobs = allJobs()
    .filter(({ id }) => id.includes(options.case ?? ''))
    .filter(({ category }) => options.category === undefined || category === options.category);
  const scoreboard = new Scoreboard(new Map());
  for (const feeding of feedings()) {
    await runJobs(
      jobs.filter(({ isSlow }) => !isSlow),
      feeding,
      {},
      scoreboard,
    );
    const short = { upstreamIdleTimeoutMs: SHORT_UPSTREAM_IDLE_TIMEOUT_MS };
    await runJobs(
      jobs.filter(({ isSlow }) => isSlow),
      feeding,
      short,
      scoreboard,
    );
  }
  console.log(`${scoreboard.held} of ${scoreboard.total} cases hold`);
  return scoreboard.total > 0 && scoreboard.held === scoreboard.total ? 0 : 1;
}

async function runJobs(
  jobs: readonly Job[],
  feeding: Feeding,
  timeouts: LaneOptions,
  scoreboard: Scoreboard,
): Promise<void> {
  if (jobs.length === 0) return;
  const pool = await openPool(timeouts);
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

function openPool(timeouts: LaneOptions): Promise<LanePool> {
  const deadline = options['deadline-ms'] === undefined ? {} : { deadlineMs: Number(options['deadline-ms']) };
  const laneOptions = { ...timeouts, ...deadline, originPort: Number(options['origin-port']) };
  if (options.to === undefined) return LanePool.open(sluiceGateway, Number(options.lanes), laneOptions);
  return LanePool.open(runningProxy(Number(options.to)), 1, laneOptions);
}

function feedings(): readonly Feeding[] {
  return options.feeding.map((name) => {
    const feeding = FEEDINGS.find((known) => known === name);
    if (!feeding) throw new Error(`--feeding ${name}: expected one of ${FEEDINGS.join(', ')}`);
    return feeding;
  });
}

function allJobs(): readonly Job[] {
  return [...loadRequestCases().map(requestJob), ...loadResponseCases().map(responseJob)];
}

function requestJob(testCase: RequestCase): Job {
  return {
    ...testCase,
    isSlow: false,
    sent: testCase.raw,
    run: (lane, feeding) => tryRequest(lane, testCase, feeding),
  };
}

function responseJob(testCase: ResponseCase): Job {
  return {
    ...testCase,
    isSlow: needsShortTimeout(testCase),
    sent: `${requestOf(testCase)}--- answered with ---\n${testCase.raw_response}`,
    run: (lane, feeding) => tryResponse(lane, testCase, feeding),
  };
}
