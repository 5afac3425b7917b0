import { formatAddress } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { parseOriginUrl } from '../addresses.ts';
import { announce } from '../announce.ts';
import type { CommandLine } from '../command-line.ts';
import { startReferenceGateway } from '../reference-gateway.ts';
import type { RunningGateway } from '../reference-gateway.ts';
import { UsageError } from '../usage-error.ts';

/** Quick mode: the whole reference pipeline in front of any origin, without a file. */
export async function proxy(commandLine: CommandLine, logger: Logger): Promise<RunningGateway> {
  const { to, upstreamIdleTimeoutMs } = commandLine;
  if (to.length === 0) throw new UsageError('proxy needs an origin: --to http://127.0.0.1:9000');
  const servers = to.map(parseOriginUrl);
  const options = upstreamIdleTimeoutMs === undefined ? {} : { responseTimeoutMs: upstreamIdleTimeoutMs };
  const running = await startReferenceGateway(
    commandLine,
    { origins: [{ name: 'default', servers, options }], routes: [{ prefix: '/', origin: 'default' }] },
    logger,
  );
  announce(running, [`/ → ${servers.map(formatAddress).join(', ')}`]);
  return running;
}
