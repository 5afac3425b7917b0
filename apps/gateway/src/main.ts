import 'reflect-metadata';
import cluster from 'node:cluster';
import { pino } from 'pino';
import { announce, announcementOf } from './announce.ts';
import { parseCommandLine, USAGE } from './command-line.ts';
import type { CommandLine } from './command-line.ts';
import { explain } from './commands/explain.ts';
import { helpFor } from './help.ts';
import { startCommand } from './start-command.ts';
import { startFailure } from './start-failure.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { runPrimary } from './workers/run-primary.ts';
import { runWorker } from './workers/run-worker.ts';

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination(2));

async function run(commandLine: CommandLine): Promise<void> {
  const { command, help, config, format, workers } = commandLine;
  if (help !== undefined) console.log(help === 'usage' ? USAGE : helpFor(command));
  else if (command === 'check' && config !== undefined)
    await (await import('./commands/check.ts')).check(config);
  else if (command === 'explain' && config !== undefined)
    console.log(await (await import('./commands/explain-config.ts')).explainConfig(config, format));
  else if (command === 'explain') console.log(explain(commandLine));
  else if (workers > 1) await runPrimary(commandLine, log);
  else await runAlone(commandLine);
}

async function runAlone(commandLine: CommandLine): Promise<void> {
  const { running, routes, reload } = await startCommand(commandLine, log);
  if (reload !== undefined) process.on('SIGHUP', reload);
  announce(announcementOf(running, routes), running.admin);
  stopOnSignals(running, commandLine.drainTimeoutMs, log);
}

try {
  const commandLine = parseCommandLine(process.argv.slice(2));
  await (cluster.isWorker ? runWorker(commandLine, log) : run(commandLine));
} catch (cause) {
  const { message, exitCode } = startFailure(cause);
  console.error(message);
  // Not exitCode: what was started before the error, like the demo origins, would keep the process alive.
  process.exit(exitCode);
}
