import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../support/command.ts';
import { pollUntil } from '../../support/poll-until.ts';
import { freePort } from '../../support/process/free-port.ts';
import type { ManagedProcess } from '../../support/process/managed-process.ts';
import type { ProcessSet } from '../../support/process/process-set.ts';
import { runWithProcesses } from '../../support/process/run-with-processes.ts';
import { typescriptLaunch } from '../../support/process/typescript-launch.ts';
import { waitUntilReady } from '../../support/process/wait-until-ready.ts';
import { makeTlsFiles } from '../peers/tls-files.ts';
import { instructionsByFunction } from './callgrind-profile.ts';
import { sendRequests } from './counted-load.ts';
import { parseOptions, USAGE } from './options.ts';
import type { InstructionsOptions } from './options.ts';
import { PerfMap } from './perf-map.ts';
import { isWork, partOf, sumBy } from './shares.ts';

const MAIN = fileURLToPath(new URL('../../../apps/gateway/dist/main.js', import.meta.url));
const ORIGIN = new URL('../origin/main.ts', import.meta.url);
const CALLGRIND = ['--tool=callgrind', '--smc-check=all-non-file', '--dump-instr=yes'];
// Functions by their addresses, compiled early and in the thread that is counted.
const V8 = ['--perf-basic-prof-only-functions', '--no-concurrent-recompilation', '--interrupt-budget=50000'];
const START_MS = 120_000;
const WRITTEN_MS = 60_000;

/** Counts the instructions of the gateway for a request, by package and by function; resolves to the exit code. */
export function benchInstructions(args: readonly string[]): Promise<number> {
  return runCommand(
    () => parseOptions(args),
    USAGE,
    (options) =>
      runWithProcesses('instructions', async (processes, directory) => {
        requireValgrind();
        report(await count(processes, directory, options), options);
        return 0;
      }),
  );
}

function requireValgrind(): void {
  const { error } = spawnSync('valgrind', ['--version']);
  if (error !== undefined) throw new Error('valgrind is not there. Install it: apt-get install valgrind');
}

async function count(
  processes: ProcessSet,
  directory: string,
  { scenario, warmUp, requests }: InstructionsOptions,
): Promise<Map<string, number>> {
  const origin = processes.start(typescriptLaunch(ORIGIN, directory));
  const { port: originPort } = (await origin.nextMessage(START_MS)) as { port: number };
  const port = await freePort();
  const gateway = startGateway(processes, directory, port, originPort, scenario.tls !== 'none');
  const map = `/tmp/perf-${gateway.pid}.map`;
  try {
    await waitUntilReady(gateway, port, scenario.tls !== 'none', START_MS);
    console.error(`${warmUp} requests to warm up, some minutes`);
    await sendRequests(port, scenario, warmUp);
    control('--zero', gateway);
    await sendRequests(port, scenario, requests);
    control('--dump', gateway);
    const text = await written(join(directory, 'callgrind.1'));
    return instructionsByFunction(text, new PerfMap(readFileSync(map, 'utf8')));
  } finally {
    await processes.stop(gateway);
    rmSync(map, { force: true });
  }
}

function startGateway(
  processes: ProcessSet,
  directory: string,
  port: number,
  originPort: number,
  isTls: boolean,
): ManagedProcess {
  // Everything takes some fifty times as long here: the watch would have no end of blocks to tell of.
  process.env['SLUICE_BLOCKED_AFTER_MS'] = '0';
  const tls = isTls ? makeTlsFiles(directory) : undefined;
  const certificate = tls ? ['--tls-cert', tls.certFile, '--tls-key', tls.keyFile] : [];
  const command = ['proxy', '--to', `http://127.0.0.1:${originPort}`, '--listen', `127.0.0.1:${port}`];
  const output = `--callgrind-out-file=${join(directory, 'callgrind')}`;
  return processes.start({
    name: 'gateway',
    file: 'valgrind',
    args: [...CALLGRIND, output, process.execPath, ...V8, MAIN, ...command, ...certificate],
    logFile: join(directory, 'gateway.log'),
  });
}

function control(command: string, gateway: ManagedProcess): void {
  execFileSync('callgrind_control', [command, String(gateway.pid)], { stdio: 'ignore' });
}

// The last line of a file of callgrind is its sum.
async function written(file: string): Promise<string> {
  return pollUntil(
    () => Promise.resolve(readIfThere(file)),
    (text) => /^totals: \d+$/m.test(text),
    WRITTEN_MS,
  );
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function report(counts: ReadonlyMap<string, number>, { scenario, requests, top }: InstructionsOptions): void {
  const parts = sumBy(counts, partOf);
  const work = parts
    .filter(([part]) => isWork(part))
    .reduce((sum, [, instructions]) => sum + instructions, 0);
  const perRequest = (instructions: number): string => (instructions / requests).toFixed(0).padStart(8);
  console.log(`${scenario.title}: instructions for a request, ${requests} requests`);
  console.log(`${perRequest(work)}  all, without compiler and collector`);
  for (const [part, instructions] of parts) console.log(`${perRequest(instructions)}  ${part}`);
  console.log('');
  const functions = sumBy(counts, (name) => name).filter(([name]) => isWork(partOf(name)));
  for (const [name, instructions] of functions.slice(0, top)) {
    console.log(`${perRequest(instructions)}  ${name.replace(/file:.*\/packages\//, '')}`);
  }
}
