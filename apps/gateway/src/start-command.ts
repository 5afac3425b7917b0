import type { LevelledLogger } from '@sluice/admin';
import type { Logger } from '@sluice/core';
import type { CommandLine } from './command-line.ts';
import { demo } from './commands/demo.ts';
import { proxy } from './commands/proxy.ts';
import type { StartedCommand } from './commands/started-command.ts';
import type { WorkerRole } from './workers/worker-role.ts';

/** Starts the gateway that the command line asks for: the whole of it, or the part of a worker. */
export async function startCommand(
  commandLine: CommandLine,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<StartedCommand> {
  const { command, config } = commandLine;
  if (command === 'proxy') return proxy(commandLine, logger, role);
  if (command !== 'run' || config === undefined) return demo(commandLine, logger, role);
  // Imported where it is used: the schema and the parser take a tenth of a second that quick mode has no use for.
  return (await import('./commands/run.ts')).run(config, logger, role);
}
