import type { LevelledLogger } from '@sluice/admin';
import { formatAddress } from '@sluice/core';
import type { Logger, SocketAddress } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import type { CommandLine } from '../command-line/command-line.ts';
import type { Program } from '../program/program.ts';
import { startReferenceGateway } from '../reference/reference-gateway.ts';
import type { WorkerRole } from '../workers/worker-messages.ts';
import type { StartedCommand } from './started-command.ts';

/** Runs the gateway in front of the demo origins of the program, to try it out. Workers share those of their primary. */
export async function demo(
  commandLine: CommandLine,
  program: Program,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<StartedCommand> {
  const origins = role === undefined ? await startDemoOrigins(program, logger) : [];
  const servers = role?.demoServers ?? addressesOf(origins);
  const running = await startReferenceGateway(
    commandLine,
    { origins: [{ name: 'demo', servers }], routes: [{ prefix: '/', origin: 'demo' }] },
    logger,
    role,
  );
  return {
    running: { ...running, gateways: [...running.gateways, ...origins] },
    routes: [`/ → demo (${servers.map(formatAddress).join(', ')})`],
  };
}

export async function startDemoOrigins(
  { demoOrigins }: Program,
  logger: Logger,
): Promise<readonly Gateway[]> {
  const origins = demoOrigins?.(logger) ?? [];
  for (const origin of origins) await origin.start();
  return origins;
}

export function addressesOf(gateways: readonly Gateway[]): readonly SocketAddress[] {
  return gateways.flatMap(({ addresses }) => addresses);
}
