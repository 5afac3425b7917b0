import { HttpServerCodecOptions } from '@sluice/codec-http';
import type { InetSocketAddress, Logger, SocketAddress } from '@sluice/core';
import { FILTER_LISTENER, FilterMetrics } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import type { DrainOptions, DrainReport, GatewayDeclaration } from '@sluice/gateway';
import { AccessLog, openAccessLog } from '@sluice/handler-access-log';
import type { AccessLogOptions } from '@sluice/handler-access-log';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { PassportLoggingOptions } from '@sluice/handler-passport';
import { ElbProxyProtocolOptions, TrustedPeers } from '@sluice/handler-proxy-protocol';
import { ServerSslContext } from '@sluice/handler-tls';
import type { ServerSslOptions } from '@sluice/handler-tls';
import type { HandlerClass } from '@sluice/inject';
import { ContainerModule } from 'inversify';
import type { Newable } from 'inversify';
import { adminGateway } from './admin/admin-gateway.ts';
import { parseHandlerOptions, withoutHandlers } from './handler-settings.ts';
import type { HandlerOptionValues } from './handler-settings.ts';
import { pinoLines } from './pino-lines.ts';
import { originHandlers, serverHandlers, tlsServerHandlers } from './pipeline.ts';
import { ListenerTls } from './tls/listener-tls.ts';

/** What the command line says of the gateway, whatever stands behind it. */
export interface GatewaySettings {
  readonly listen: InetSocketAddress;
  /** Absent: no admin listener. */
  readonly admin: InetSocketAddress | undefined;
  /** `off`, `stdout` or a file. */
  readonly accessLog: string;
  /** `tab`, `combined`, `json`, or a template with operators. */
  readonly accessLogFormat: string;
  /** The networks whose connections must begin with a PROXY protocol header. Empty: off. */
  readonly proxyProtocolFrom: readonly string[];
  /** Absent: no TLS. */
  readonly tls: Partial<ServerSslOptions> | undefined;
  /** Names of handlers to leave out. */
  readonly without: readonly string[];
  /** Options of handlers, as `handler.option=value`. */
  readonly set: readonly string[];
}

/** What was started together and is stopped together. */
export interface RunningGateway {
  readonly gateways: readonly Gateway[];
  readonly accessLog: AccessLog;
  readonly tls: ListenerTls | undefined;
}

/** A gateway that runs with what the program gives it: metrics, an access log, an admin listener. */
export interface DeclaredGateway {
  readonly admin: SocketAddress | undefined;
  readonly accessLog: Partial<AccessLogOptions>;
  /** The options that count where the declaration says nothing else. */
  declare(options: HandlerOptionValues): GatewayDeclaration;
}

/** All that `--set` and `--without` can name. */
export const ALL_HANDLERS = [...tlsServerHandlers, ...originHandlers];

/** Starts the reference gateway: the whole pipeline, an access log, and metrics on the admin listener. */
export async function startReferenceGateway(
  settings: GatewaySettings,
  behind: Pick<
    GatewayDeclaration,
    'origins' | 'originServices' | 'routes' | 'virtualHosts' | 'ambiguousPaths'
  >,
  logger: Logger,
): Promise<RunningGateway> {
  const options = parseHandlerOptions(settings.set, ALL_HANDLERS);
  const metrics = new MetricsRegistry();
  const tls = settings.tls && new ListenerTls(settings.tls, metrics, logger);
  const handlers = withoutHandlers(listenerHandlers(settings), settings.without, ALL_HANDLERS);
  const declare = (base: HandlerOptionValues): GatewayDeclaration => ({
    listeners: [{ address: settings.listen, handlers }],
    originHandlers: withoutHandlers(originHandlers, settings.without, ALL_HANDLERS),
    modules: [bindings(settings, options, base, tls)],
    ...behind,
  });
  const accessLog = { destination: settings.accessLog, format: settings.accessLogFormat };
  return startDeclaredGateway({ admin: settings.admin, accessLog, declare }, logger, { metrics, tls });
}

/** Starts a gateway of any declaration with the program's metrics, access log and admin listener. */
export async function startDeclaredGateway(
  declared: DeclaredGateway,
  logger: Logger,
  { metrics = new MetricsRegistry(), tls }: { metrics?: MetricsRegistry; tls?: ListenerTls | undefined } = {},
): Promise<RunningGateway> {
  const accessLog = openAccessLog(declared.accessLog, {
    logger,
    onDrop: droppedLines(metrics),
    stringify: pinoLines(),
  });
  const onIncomplete = incompleteSessions(metrics);
  const base = new Map([[PassportLoggingOptions, { ...new PassportLoggingOptions(), onIncomplete }]]);
  const declaration = declared.declare(base);
  const own = new ContainerModule(({ bind }) => {
    bind(MetricsRegistry).toConstantValue(metrics);
    bind(AccessLog).toConstantValue(accessLog);
    bind(FILTER_LISTENER).toConstantValue(new FilterMetrics(metrics));
  });
  const gateway = new Gateway({ ...declaration, modules: [own, ...(declaration.modules ?? [])], logger });
  const admin = declared.admin && adminGateway(declared.admin, metrics, logger);
  const gateways = admin === undefined ? [gateway] : [gateway, admin];
  for (const each of gateways) await each.start();
  return { gateways, accessLog, tls };
}

/** What stands between a client and the filters; TLS is there only where it is configured. */
export function listenerHandlers({ tls }: Pick<GatewaySettings, 'tls'>): readonly HandlerClass[] {
  return tls === undefined ? serverHandlers : tlsServerHandlers;
}

/** Ends every client's connection without losing a request, then stops everything. The first gateway is the one that clients use. */
export async function drainReferenceGateway(
  { gateways: [gateway, ...others], accessLog, tls }: RunningGateway,
  options: Partial<DrainOptions>,
): Promise<DrainReport | undefined> {
  const report = await gateway?.drain(options);
  await stopReferenceGateway({ gateways: others, accessLog, tls });
  return report;
}

export async function stopReferenceGateway({ gateways, accessLog, tls }: RunningGateway): Promise<void> {
  tls?.close();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await accessLog.close();
}

function bindings(
  { proxyProtocolFrom }: GatewaySettings,
  options: HandlerOptionValues,
  base: HandlerOptionValues,
  tls: ListenerTls | undefined,
): ContainerModule {
  const values = new Map<Newable, object>(base);
  for (const [type, value] of options) values.set(type, { ...base.get(type), ...value });
  if (proxyProtocolFrom.length > 0) {
    const own = values.get(ElbProxyProtocolOptions) ?? new ElbProxyProtocolOptions();
    const trustedPeers = new TrustedPeers(proxyProtocolFrom);
    values.set(ElbProxyProtocolOptions, { ...own, mode: 'required', trustedPeers });
  }
  if (tls !== undefined) {
    const codec = values.get(HttpServerCodecOptions) ?? new HttpServerCodecOptions();
    values.set(HttpServerCodecOptions, { ...codec, scheme: 'https' });
  }
  return new ContainerModule(({ bind }) => {
    if (tls !== undefined) bind(ServerSslContext).toConstantValue(tls.context);
    for (const [type, value] of values) bind(type).toConstantValue(value);
  });
}

function incompleteSessions(metrics: MetricsRegistry): () => void {
  const help = 'Proxied requests whose response was not sent whole.';
  const counter = metrics.counter({ name: 'server.http.session.incomplete', help }).labels();
  return () => counter.inc();
}

function droppedLines(metrics: MetricsRegistry): () => void {
  const help = 'Lines of the access log that were dropped because too many waited.';
  const counter = metrics.counter({ name: 'access.log.dropped', help }).labels();
  return () => counter.inc();
}
