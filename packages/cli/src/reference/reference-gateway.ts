import type { LevelledLogger } from '@sluice/admin';
import { formatAddress } from '@sluice/core';
import type { Logger, SocketAddress } from '@sluice/core';
import { isSamePlace } from '@sluice/gateway';
import type { GatewayDeclaration } from '@sluice/gateway';
import { ElbProxyProtocolOptions, TrustedPeers } from '@sluice/handler-proxy-protocol';
import type { HandlerClass } from '@sluice/inject';
import { ContainerModule } from 'inversify';
import type { Newable } from 'inversify';
import { parseHandlerOptions, withoutHandlers } from '../command-line/handler-settings.ts';
import type { HandlerOptionValues } from '../command-line/handler-settings.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { WorkerRole } from '../workers/worker-messages.ts';
import { startDeclaredGateway } from './declared-gateway.ts';
import type { DeclaredGateway, ShownConfig } from './declared-gateway.ts';
import { drainOptions } from './drain-options.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { originHandlers, serverHandlers, tlsServerHandlers, withPassportRecording } from './pipeline.ts';
import type { RunningGateway } from './running-gateway.ts';

/** All that `--set` and `--without` can name. */
export const ALL_HANDLERS = [...tlsServerHandlers, ...originHandlers];

/** Starts the reference gateway: the whole pipeline, an access log, and the admin listener. */
export async function startReferenceGateway(
  settings: GatewaySettings,
  behind: Pick<
    GatewayDeclaration,
    'origins' | 'originServices' | 'routes' | 'virtualHosts' | 'ambiguousPaths'
  >,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<RunningGateway> {
  const options = parseHandlerOptions(settings.set, ALL_HANDLERS);
  const { listen: address, tls, admin } = settings;
  if (admin !== undefined && isSamePlace(admin.address, address)) throw sameAddress(settings, admin.address);
  const handlers = withoutHandlers(listenerHandlers({ tls, admin }), settings.without, ALL_HANDLERS);
  const declare: DeclaredGateway['declare'] = (base, tlsOf) => ({
    listeners: [{ address, handlers, ...(tls && { tls: tlsOf(tls) }) }],
    originHandlers: withoutHandlers(originHandlers, settings.without, ALL_HANDLERS),
    modules: [moduleOf(handlerValues(settings, options, base))],
    ...behind,
  });
  const accessLog = { destination: settings.accessLog, format: settings.accessLogFormat };
  // On a command line nothing is known as a secret.
  const config: ShownConfig = { shown: { ...settings, ...behind }, hideSecrets: (shown) => shown };
  const drain = drainOptions(settings.drainTimeoutMs);
  return startDeclaredGateway({ admin, config, accessLog, drain, declare }, logger, role);
}

// The second of them would seem to meet another program.
function sameAddress({ listen }: GatewaySettings, admin: SocketAddress): UsageError {
  return new UsageError(
    `--listen ${formatAddress(listen)} and --admin ${formatAddress(admin)} are one place. Take another port for one of them.`,
  );
}

/** What stands between a client and the filters; TLS, and what an operator looks at, are there only where they are configured. */
export function listenerHandlers({
  tls,
  admin,
}: Pick<GatewaySettings, 'tls' | 'admin'>): readonly HandlerClass[] {
  const list = tls === undefined ? serverHandlers : tlsServerHandlers;
  return admin === undefined ? list : withPassportRecording(list);
}

/** The options that are set of handlers, by their class. */
export function handlerValues(
  { proxyProtocolFrom }: Pick<GatewaySettings, 'proxyProtocolFrom'>,
  options: HandlerOptionValues,
  base: HandlerOptionValues = new Map(),
): HandlerOptionValues {
  const values = new Map<Newable, object>(base);
  for (const [type, value] of options) values.set(type, { ...base.get(type), ...value });
  if (proxyProtocolFrom.length > 0) {
    const own = values.get(ElbProxyProtocolOptions) ?? new ElbProxyProtocolOptions();
    const trustedPeers = new TrustedPeers(proxyProtocolFrom);
    values.set(ElbProxyProtocolOptions, { ...own, mode: 'required', trustedPeers });
  }
  return values;
}

function moduleOf(values: HandlerOptionValues): ContainerModule {
  return new ContainerModule(({ bind }) => {
    for (const [type, value] of values) bind(type).toConstantValue(value);
  });
}
