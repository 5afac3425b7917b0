import type { LevelledLogger } from '@sluice/admin';
import { formatAddress } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { ClientSslOptions } from '@sluice/handler-tls';
import { parseOriginUrl } from '../command-line/addresses.ts';
import type { OriginAddress } from '../command-line/addresses.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { startReferenceGateway } from '../reference/reference-gateway.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { WorkerRole } from '../workers/worker-role.ts';
import type { StartedCommand } from './started-command.ts';

/** Quick mode: the whole reference pipeline in front of any origin, without a file. */
export async function proxy(
  commandLine: CommandLine,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<StartedCommand> {
  const { to, upstreamIdleTimeoutMs, upstreamCa } = commandLine;
  if (to.length === 0) throw new UsageError('proxy needs an origin: --to http://127.0.0.1:9000');
  const servers = to.map(parseOriginUrl);
  const tls = originTls(servers, upstreamCa);
  const options = upstreamIdleTimeoutMs === undefined ? {} : { responseTimeoutMs: upstreamIdleTimeoutMs };
  const running = await startReferenceGateway(
    commandLine,
    {
      origins: [{ name: 'default', servers, options, ...(tls && { tls }) }],
      routes: [{ prefix: '/', origin: 'default' }],
    },
    logger,
    role,
  );
  return { running, routes: [`/ → ${servers.map(formatAddress).join(', ')}`] };
}

function originTls(
  servers: readonly OriginAddress[],
  ca: string | undefined,
): Partial<ClientSslOptions> | undefined {
  const isTls = servers.some((server) => server.isTls);
  if (isTls && !servers.every((server) => server.isTls)) {
    throw new UsageError('The --to of one origin are all http:// or all https://; got both.');
  }
  if (isTls) return ca === undefined ? {} : { ca: [{ file: ca }] };
  if (ca === undefined) return undefined;
  throw new UsageError('--upstream-ca is for https:// origins; got --to http:// alone.');
}
