import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLineUp, type Participant } from './line-up.ts';
import { describeMachine } from './machine.ts';
import { parseOptions, USAGE, type BenchOptions } from './options.ts';
import type { Launch } from './process/managed-process.ts';
import { ProcessSet } from './process/process-set.ts';
import { errorLines, header, scenarioTable, type BenchResult } from './report.ts';
import { runRounds } from './rounds.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ORIGIN_START_MS = 15_000;

/** Runs the bench for a command line, ends everything that it started, and resolves to the exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  return runAndCleanUp(options, args);
}

async function runAndCleanUp(options: BenchOptions, args: readonly string[]): Promise<number> {
  const processes = new ProcessSet();
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  let interruptedBy: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    interruptedBy ??= signal;
    // This fails the step that waits for one of them, so that an interrupted run leaves by `finally` as well.
    void processes.close();
  };
  const killAll = (): void => processes.killAll();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  process.once('exit', killAll);
  try {
    await run(options, args, processes, directory);
    return 0;
  } catch (error) {
    if (interruptedBy) return 128 + constants.signals[interruptedBy];
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await processes.close();
    rmSync(directory, { recursive: true, force: true });
    for (const signal of SIGNALS) process.off(signal, interrupt);
    process.off('exit', killAll);
  }
}

async function run(
  options: BenchOptions,
  args: readonly string[],
  processes: ProcessSet,
  directory: string,
): Promise<void> {
  if (process.platform !== 'linux') throw new Error('CPU times come from /proc, so this runs on Linux alone');
  const origin = processes.start(nodeProcess('origin', directory));
  const { port } = (await origin.nextMessage(ORIGIN_START_MS)) as { port: number };
  const lineUp = await startLineUp(processes, {
    ...options,
    kinds: kindsOf(options),
    originPort: port,
    directory,
  });
  const result: BenchResult = {
    command: ['npm run bench --', ...args].join(' '),
    machine: describeMachine(),
    lineUp: {
      running: distinct(lineUp.participants),
      leftOut: lineUp.leftOut,
    },
    series: [],
  };
  console.log(header(options, result));
  if (lineUp.participants.length === 0) throw new Error('no proxy could be started');
  const load = processes.start(nodeProcess('load', directory));
  result.series = await runRounds(load, lineUp.participants, options);
  report(options, result);
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

/** Starts a part of the harness from its sources, as `main.js` does with the bench itself. */
function nodeProcess(name: 'origin' | 'load', directory: string): Launch {
  const main = fileURLToPath(new URL(`${name}/main.ts`, import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), main];
  return { name, file: process.execPath, args, logFile: join(directory, `${name}.log`) };
}
