import 'reflect-metadata';
import { SluiceError } from '@sluice/core';
import { pino } from 'pino';
import { parseCommandLine, USAGE } from './command-line.ts';
import type { CommandLine } from './command-line.ts';
import { demo } from './commands/demo.ts';
import { explain } from './commands/explain.ts';
import { proxy } from './commands/proxy.ts';
import { helpFor } from './help.ts';
import type { RunningGateway } from './reference-gateway.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { UsageError } from './usage-error.ts';

const EXIT_USAGE = 2;

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination(2));

async function run(commandLine: CommandLine): Promise<RunningGateway | undefined> {
  if (commandLine.help !== undefined) {
    console.log(commandLine.help === 'usage' ? USAGE : helpFor(commandLine.command));
    return undefined;
  }
  if (commandLine.command === 'proxy') return proxy(commandLine, log);
  if (commandLine.command === 'demo') return demo(commandLine, log);
  if (commandLine.config === undefined) console.log(explain(commandLine));
  else return withConfig(commandLine, commandLine.config);
  return undefined;
}

// Imported where they are used: the schema and the parser take a tenth of a second that quick mode has no use for.
async function withConfig(
  { command, format }: CommandLine,
  path: string,
): Promise<RunningGateway | undefined> {
  if (command === 'run') return (await import('./commands/run.ts')).run(path, log);
  if (command === 'check') await (await import('./commands/check.ts')).check(path);
  else console.log(await (await import('./commands/explain-config.ts')).explainConfig(path, format));
  return undefined;
}

try {
  const commandLine = parseCommandLine(process.argv.slice(2));
  const running = await run(commandLine);
  if (running) stopOnSignals(running, commandLine.drainTimeoutMs, log);
} catch (cause) {
  if (!(cause instanceof UsageError || cause instanceof SluiceError)) throw cause;
  console.error(cause.message);
  if (cause instanceof UsageError) console.error('Run it with --help to see how it is used.');
  // Not exitCode: what was started before the error, like the demo origins, would keep the process alive.
  process.exit(EXIT_USAGE);
}
