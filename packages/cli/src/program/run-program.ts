import cluster from 'node:cluster';
import { setUpV8 } from '@sluice/core';
import type { Logger } from 'pino';
import { parseCommandLine } from '../command-line/command-line.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { helpFor, usageOf } from '../command-line/help.ts';
import { startCommand } from '../commands/start-command.ts';
import { version } from '../version.ts';
import { announce, announcementOf } from './announce.ts';
import { programLog } from './program-log.ts';
import { ignoreRestart, signalsAtStart } from './program-signals.ts';
import type { Program } from './program.ts';
import { startFailure } from './start-failure.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { surviveErrors } from './survive-errors.ts';

/**
 * Does what the command line asks for. What it starts runs on when this resolves, until a signal; what
 * can't be started or done ends the process with the exit code that the help of the command names.
 */
export async function runProgram(program: Program, args = process.argv.slice(2)): Promise<void> {
  setUpV8();
  try {
    const log = programLog();
    const commandLine = parseCommandLine(args, program);
    await (cluster.isWorker ? runAsWorker(commandLine, program, log) : run(commandLine, program, log));
  } catch (cause) {
    const { message, exitCode } = startFailure(cause);
    console.error(message);
    // Not exitCode: what was started before the error, like the demo origins, would keep the process alive.
    process.exit(exitCode);
  }
}

async function run(commandLine: CommandLine, program: Program, log: Logger): Promise<void> {
  const { command, print, config, workers, folder } = commandLine;
  if (print !== undefined) console.log(printed(print, command, program));
  // Each imported where it is used: what a command needs, the others don't wait for.
  else if (command === 'check' && config !== undefined)
    await (await import('../commands/check.ts')).check(config);
  else if (command === 'explain') await (await import('../commands/explain.ts')).explain(commandLine);
  else if (command === 'init') (await import('../commands/init.ts')).init(folder);
  else if (workers > 1)
    await (await import('../workers/run-primary.ts')).runPrimary(commandLine, program, log);
  else await runAlone(commandLine, program, log);
}

async function runAsWorker(...given: Parameters<typeof run>): Promise<void> {
  await (await import('../workers/run-worker.ts')).runWorker(...given);
}

function printed(
  what: NonNullable<CommandLine['print']>,
  command: CommandLine['command'],
  program: Program,
): string {
  if (what === 'version') return version();
  return what === 'usage' ? usageOf(program) : helpFor(command, program);
}

async function runAlone(commandLine: CommandLine, program: Program, log: Logger): Promise<void> {
  const signals = signalsAtStart(commandLine.config !== undefined, log);
  ignoreRestart(signals, log, 'it changes workers for new ones, and there is no --workers.');
  const { running, routes, reload } = await startCommand(commandLine, program, log);
  surviveErrors(running.metrics, log);
  announce(announcementOf(running, routes), running.admin);
  stopOnSignals(signals, running, log);
  if (reload !== undefined) signals.on('SIGHUP', reload);
}
