import type { LevelledLogger } from '@sluice/admin';
import { formatAddress } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { announce } from '../announce.ts';
import type { CommandLine } from '../command-line.ts';
import { demoOrigin } from '../demo/demo-origin.ts';
import { startReferenceGateway } from '../reference-gateway.ts';
import type { RunningGateway } from '../reference-gateway.ts';

/** Runs the gateway in front of two demo origins, to try it out. */
export async function demo(
  commandLine: CommandLine,
  logger: Logger & Partial<LevelledLogger>,
): Promise<RunningGateway> {
  const origins = [demoOrigin('demo-1', logger), demoOrigin('demo-2', logger)];
  for (const origin of origins) await origin.start();
  const servers = origins.flatMap(({ addresses }) => addresses);
  const running = await startReferenceGateway(
    commandLine,
    { origins: [{ name: 'demo', servers }], routes: [{ prefix: '/', origin: 'demo' }] },
    logger,
  );
  announce(running, [`/ → demo (${servers.map(formatAddress).join(', ')})`]);
  return { ...running, gateways: [...running.gateways, ...origins] };
}
