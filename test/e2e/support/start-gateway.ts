import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import type { OriginConfig, OriginOptions, OriginServices } from '@sluice/origin';
import type { RouteDeclaration } from '@sluice/router';
import { onTestFinished } from 'vitest';
import { parseCommandLine, startReferenceGateway, stopReferenceGateway } from '@sluice/cli';
import type { RunningGateway as ReferenceGateway } from '@sluice/cli';

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly port: number;
  /** Of the admin listener; 0 without one. */
  readonly adminPort: number;
  readonly certificates: ReferenceGateway['certificates'];
  /** Stops it before the end of the test, which loses no line of the access log. */
  stop(): Promise<void>;
}

/**
 * The reference gateway in front of origins on these ports; it is stopped when the test is over.
 * `args` are options of its command line.
 */
export async function startGateway(
  originPorts: number | readonly number[],
  options: Partial<OriginOptions> = {},
  args: readonly string[] = [],
  logger: Logger = silentLogger,
): Promise<RunningGateway> {
  const servers = [originPorts].flat().map((port) => ({ host: '127.0.0.1', port }));
  return startGatewayWith({ name: 'origin', servers, options }, {}, args, logger);
}

/** The same in front of this origin. */
export async function startGatewayWith(
  origin: OriginConfig,
  originServices: OriginServices = {},
  args: readonly string[] = [],
  logger: Logger = silentLogger,
  route: Omit<RouteDeclaration, 'origin'> = {},
): Promise<RunningGateway> {
  const running = await startReferenceGateway(
    parseCommandLine(['proxy', '--listen', '127.0.0.1:0', ...args]),
    { origins: [origin], routes: [{ ...route, origin: origin.name }], originServices },
    logger,
  );
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopReferenceGateway(running));
  onTestFinished(stop);
  const [gateway] = running.gateways;
  const port = portOf(gateway);
  if (gateway === undefined || port === 0) throw new Error('The gateway has no port.');
  return { gateway, port, adminPort: portOf(running.admin), certificates: running.certificates, stop };
}

function portOf(gateway: Gateway | undefined): number {
  const [address] = gateway?.addresses ?? [];
  return address === undefined || 'path' in address ? 0 : address.port;
}

/** An origin on Node's own HTTP server; returns its port. */
export async function startHttpOrigin(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
