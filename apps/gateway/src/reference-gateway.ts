import { HttpServerCodecOptions } from '@sluice/codec-http';
import type { InetSocketAddress, Logger } from '@sluice/core';
import { FILTER_LISTENER, FilterMetrics } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import type { DrainOptions, DrainReport, GatewayDeclaration } from '@sluice/gateway';
import { AccessLog, openAccessLog } from '@sluice/handler-access-log';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { PassportLoggingOptions } from '@sluice/handler-passport';
import { ElbProxyProtocolOptions, TrustedPeers } from '@sluice/handler-proxy-protocol';
import { ServerSslContext } from '@sluice/handler-tls';
import type { ServerSslOptions } from '@sluice/handler-tls';
import type { HandlerClass } from '@sluice/inject';
import { ContainerModule } from 'inversify';
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
  const accessLog = openAccessLog(
    { destination: settings.accessLog, format: settings.accessLogFormat },
    { logger, onDrop: droppedLines(metrics), stringify: pinoLines() },
  );
  const tls = settings.tls && new ListenerTls(settings.tls, metrics, logger);
  const handlers = withoutHandlers(listenerHandlers(settings), settings.without, ALL_HANDLERS);
  const gateway = new Gateway({
    listeners: [{ address: settings.listen, handlers }],
    originHandlers: withoutHandlers(originHandlers, settings.without, ALL_HANDLERS),
    modules: [bindings(settings, options, metrics, accessLog, tls)],
    logger,
    ...behind,
  });
  const admin = settings.admin && adminGateway(settings.admin, metrics, logger);
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
  metrics: MetricsRegistry,
  accessLog: AccessLog,
  tls: ListenerTls | undefined,
): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(MetricsRegistry).toConstantValue(metrics);
    bind(AccessLog).toConstantValue(accessLog);
    bind(FILTER_LISTENER).toConstantValue(new FilterMetrics(metrics));
    const values = new Map(options);
    if (proxyProtocolFrom.length > 0) {
      const base = values.get(ElbProxyProtocolOptions) ?? new ElbProxyProtocolOptions();
      const trustedPeers = new TrustedPeers(proxyProtocolFrom);
      values.set(ElbProxyProtocolOptions, { ...base, mode: 'required', trustedPeers });
    }
    if (tls !== undefined) {
      bind(ServerSslContext).toConstantValue(tls.context);
      const codec = values.get(HttpServerCodecOptions) ?? new HttpServerCodecOptions();
      values.set(HttpServerCodecOptions, { ...codec, scheme: 'https' });
    }
    const passports = values.get(PassportLoggingOptions) ?? new PassportLoggingOptions();
    values.set(PassportLoggingOptions, { ...passports, onIncomplete: incompleteSessions(metrics) });
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
