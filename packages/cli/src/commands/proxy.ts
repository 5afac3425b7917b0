import type { LevelledLogger } from '@sluice/admin';
import { formatAddress } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { CommandLine } from '../command-line/command-line.ts';
import { startReferenceGateway } from '../reference/reference-gateway.ts';
import type { WorkerRole } from '../workers/worker-messages.ts';
import { quickMode } from './quick-mode.ts';
import type { StartedCommand } from './started-command.ts';

/** Quick mode: the whole reference pipeline in front of any origin, without a file. */
export async function proxy(
  commandLine: CommandLine,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<StartedCommand> {
  const { servers, origins, routes } = quickMode(commandLine);
  const running = await startReferenceGateway(commandLine, { origins, routes }, logger, role);
  return { running, routes: [`/ → ${servers.map(formatAddress).join(', ')}`] };
}
