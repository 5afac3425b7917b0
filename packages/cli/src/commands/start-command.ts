import type { LevelledLogger } from '@sluice/admin';
import type { Logger } from '@sluice/core';
import type { CommandLine } from '../command-line/command-line.ts';
import { demo } from './demo.ts';
import { proxy } from './proxy.ts';
import type { StartedCommand } from './started-command.ts';
import { drainOptions } from '../reference/drain-options.ts';
import type { Program } from '../program/program.ts';
import type { WorkerRole } from '../workers/worker-messages.ts';

/** Starts the gateway that the command line asks for: the whole of it, or the part of a worker. */
export async function startCommand(
  commandLine: CommandLine,
  program: Program,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<StartedCommand> {
  const { command, config, drainTimeoutMs } = commandLine;
  if (command === 'proxy') return proxy(commandLine, logger, role);
  if (command !== 'run' || config === undefined) return demo(commandLine, program, logger, role);
  // Imported where it is used: the schema and the parser take a tenth of a second that quick mode has no use for.
  const { run, runAsWorker } = await import('./run.ts');
  const drain = drainOptions(drainTimeoutMs);
  return role?.config === undefined
    ? run(config, drain, logger)
    : runAsWorker(config, drain, logger, role, role.config);
}
