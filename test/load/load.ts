import { performance } from 'node:perf_hooks';
import { runCommand } from '../support/command.ts';
import { runWithProcesses } from '../support/process/run-with-processes.ts';
import { LoadBench } from './load-bench.ts';
import { parseOptions, USAGE, type LoadCommandLine } from './options.ts';
import { report } from './report.ts';

/** Runs programs for a command line and resolves to the exit code: 1 when a bound is not kept. */
export function load(args: readonly string[]): Promise<number> {
  return runCommand(
    () => parseOptions(args),
    USAGE,
    (commandLine) => runPrograms(commandLine, args),
  );
}

async function runPrograms(commandLine: LoadCommandLine, args: readonly string[]): Promise<number> {
  if (process.platform !== 'linux') {
    console.error('Memory and CPU times come from /proc, so this runs on Linux alone.');
    return 1;
  }
  let exitCode = 0;
  for (const { name, run } of commandLine.programs) {
    const code = await runWithProcesses(`load-${name}`, async (processes, directory) => {
      const startedAtMs = performance.now();
      const bench = new LoadBench(processes, directory, (line) => console.error(line));
      const findings = await run(bench, commandLine.options);
      const rest = args.filter((arg) => !commandLine.programs.some((program) => program.name === arg));
      const command = ['npm run load --', name, ...rest.filter((arg) => arg !== 'all')].join(' ');
      console.log(`${report(command, (performance.now() - startedAtMs) / 1000, findings)}\n`);
      return findings.every(({ holds }) => holds) ? 0 : 1;
    });
    exitCode = Math.max(exitCode, code);
  }
  return exitCode;
}
