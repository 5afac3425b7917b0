import 'reflect-metadata';
import { SluiceError } from '@sluice/core';
import { pino } from 'pino';
import { parseCommandLine, USAGE } from './command-line.ts';
import { demo } from './commands/demo.ts';
import { explain } from './commands/explain.ts';
import { proxy } from './commands/proxy.ts';
import { stopReferenceGateway } from './reference-gateway.ts';
import type { RunningGateway } from './reference-gateway.ts';
import { UsageError } from './usage-error.ts';

const EXIT_USAGE = 2;

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination(2));

async function run(args: readonly string[]): Promise<RunningGateway | undefined> {
  const commandLine = parseCommandLine(args);
  if (commandLine.command === 'proxy') return proxy(commandLine, log);
  if (commandLine.command === 'demo') return demo(commandLine, log);
  console.log(commandLine.command === 'explain' ? explain(commandLine) : USAGE);
  return undefined;
}

function stopOnSignals(running: RunningGateway): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stopReferenceGateway(running));
  }
  // As logrotate and others ask for it.
  process.on('SIGUSR1', () => running.accessLog.reopen());
}

try {
  const running = await run(process.argv.slice(2));
  if (running) stopOnSignals(running);
} catch (cause) {
  if (!(cause instanceof UsageError || cause instanceof SluiceError)) throw cause;
  console.error(cause.message);
  if (cause instanceof UsageError) console.error('Run it with --help to see how it is used.');
  // Not exitCode: what was started before the error, like the demo origins, would keep the process alive.
  process.exit(EXIT_USAGE);
}
