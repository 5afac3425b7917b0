import { writeFileSync } from 'node:fs';
import { startLineUp, type LineUp, type Participant } from './line-up.ts';
import { runCommand } from '../support/command.ts';
import { describeMachine } from '../support/measure/machine.ts';
import { parseOptions, USAGE, type BenchOptions } from './options.ts';
import type { ManagedProcess } from '../support/process/managed-process.ts';
import { OTHERS_CPU, pinnedLaunch } from '../support/process/pinned-launch.ts';
import type { ProcessSet } from '../support/process/process-set.ts';
import { runWithProcesses } from '../support/process/run-with-processes.ts';
import { typescriptLaunch } from '../support/process/typescript-launch.ts';
import { errorLines, header, scenarioTable, type BenchResult } from './report.ts';
import { runRounds, type Series } from './rounds.ts';

const ORIGIN_START_MS = 15_000;

/** Runs the bench for a command line, ends everything that it started, and resolves to the exit code. */
export function bench(args: readonly string[]): Promise<number> {
  return runCommand(
    () => parseOptions(args),
    USAGE,
    (options) =>
      runWithProcesses('bench', async (processes, directory) => {
        await run(options, args, processes, directory);
        return 0;
      }),
  );
}

async function run(
  options: BenchOptions,
  args: readonly string[],
  processes: ProcessSet,
  directory: string,
): Promise<void> {
  const started = await startBench(options, processes, directory);
  const result: BenchResult = {
    command: ['npm run bench --', ...args].join(' '),
    machine: describeMachine(),
    lineUp: { running: distinct(started.participants), leftOut: started.leftOut },
    series: [],
  };
  console.log(header(options, result));
  result.series = await started.measure(console.error);
  report(options, result);
}

/** A bench whose proxies run. */
export type StartedBench = LineUp & {
  /** Runs all rounds, and says which. */
  measure(progress?: (line: string) => void): Promise<Series[]>;
};

/** Starts what the options ask for; all of it ends with `processes`. Throws when there is no proxy. */
export async function startBench(
  options: BenchOptions,
  processes: ProcessSet,
  directory: string,
): Promise<StartedBench> {
  if (process.platform !== 'linux') throw new Error('CPU times come from /proc, so this runs on Linux alone');
  const startBeside = (main: string): ManagedProcess => {
    const launch = typescriptLaunch(new URL(main, import.meta.url), directory);
    return processes.start(options.isPinned ? pinnedLaunch(launch, OTHERS_CPU) : launch);
  };
  const origin = startBeside('origin/main.ts');
  const { port } = (await origin.nextMessage(ORIGIN_START_MS)) as { port: number };
  const lineUp = await startLineUp(processes, {
    ...options,
    kinds: kindsOf(options),
    originPort: port,
    directory,
  });
  if (lineUp.participants.length === 0) throw new Error('no proxy could be started');
  const load = startBeside('load/main.ts');
  return {
    ...lineUp,
    measure: (progress = () => {}) => runRounds(load, lineUp.participants, options, progress),
  };
}

function kindsOf({ scenarios }: BenchOptions): { plain: boolean; tls: boolean } {
  return {
    plain: scenarios.some(({ tls }) => tls === 'none'),
    tls: scenarios.some(({ tls }) => tls !== 'none'),
  };
}

/** A proxy that runs twice, with TLS and without, is one proxy. */
function distinct(participants: readonly Participant[]): { name: string; version: string }[] {
  return [...new Map(participants.map(({ name, version }) => [name, { name, version }])).values()];
}

function report(options: BenchOptions, result: BenchResult): void {
  for (const { name, title } of options.scenarios) {
    const series = result.series.filter(({ scenario }) => scenario === name);
    console.log(`\n${scenarioTable(title, series)}`);
  }
  const errors = errorLines(result.series);
  if (errors.length > 0) console.log(`\n${errors.join('\n')}`);
  if (options.jsonFile !== undefined) {
    writeFileSync(options.jsonFile, `${JSON.stringify(result, undefined, 2)}\n`);
  }
}
