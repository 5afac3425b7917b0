import 'reflect-metadata';
import { SluiceError } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import { pino } from 'pino';
import { parseCommandLine, USAGE } from './command-line.ts';
import { demo } from './commands/demo.ts';
import { proxy } from './commands/proxy.ts';
import { UsageError } from './usage-error.ts';

const EXIT_USAGE = 2;

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination(2));

async function run(args: readonly string[]): Promise<readonly Gateway[]> {
  const commandLine = parseCommandLine(args);
  if (commandLine.command === 'proxy') return proxy(commandLine, log);
  if (commandLine.command === 'demo') return demo(commandLine, log);
  console.log(USAGE);
  return [];
}

function stopOn(signal: NodeJS.Signals, gateways: readonly Gateway[]): void {
  process.once(signal, () => {
    void Promise.all(gateways.map((gateway) => gateway.stop()));
  });
}

try {
  const gateways = await run(process.argv.slice(2));
  stopOn('SIGTERM', gateways);
  stopOn('SIGINT', gateways);
} catch (cause) {
  if (!(cause instanceof UsageError || cause instanceof SluiceError)) throw cause;
  console.error(cause.message);
  if (cause instanceof UsageError) console.error(`\n${USAGE}`);
  process.exitCode = EXIT_USAGE;
}
