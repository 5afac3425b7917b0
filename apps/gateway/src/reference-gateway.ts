import { PassportHistory } from '@sluice/admin';
import type { AdminActions, LevelledLogger } from '@sluice/admin';
import { Readiness } from '@sluice/builtin-filters';
import type { InetSocketAddress, Logger } from '@sluice/core';
import { FILTER_LISTENER, FilterMetrics } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import type { DrainOptions, DrainReport, GatewayDeclaration, ListenerDeclaration } from '@sluice/gateway';
import { AccessLog, openAccessLog } from '@sluice/handler-access-log';
import type { AccessLogOptions } from '@sluice/handler-access-log';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { PassportLoggingOptions } from '@sluice/handler-passport';
import { ElbProxyProtocolOptions, TrustedPeers } from '@sluice/handler-proxy-protocol';
import type { ServerSslContext, ServerSslOptions } from '@sluice/handler-tls';
import { WorkerPlace } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { ContainerModule } from 'inversify';
import type { Newable } from 'inversify';
import type { AdminSettings } from './admin/admin-settings.ts';
import { Operator } from './admin/operator.ts';
import { ADMIN_DRAIN } from './drain-options.ts';
import { parseHandlerOptions, withoutHandlers } from './handler-settings.ts';
import type { HandlerOptionValues } from './handler-settings.ts';
import { pinoLines } from './pino-lines.ts';
import { originHandlers, serverHandlers, tlsServerHandlers, withPassportRecording } from './pipeline.ts';
import { Certificates } from './tls/certificates.ts';
import type { WorkerRole } from './workers/worker-role.ts';

/** What the command line says of the gateway, whatever stands behind it. */
export interface GatewaySettings {
  readonly listen: InetSocketAddress;
  /** Absent: no admin listener. */
  readonly admin: AdminSettings | undefined;
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
  /** The first is the one that clients use. */
  readonly gateways: readonly Gateway[];
  /** The operator's listener, which is there for as long as anything is. */
  readonly admin: Gateway | undefined;
  /** What is declared of it. For workers it is there once, in their primary. */
  readonly adminSettings: AdminSettings | undefined;
  /** Aborts when the operator asks for a drain. */
  readonly drainRequested: AbortSignal | undefined;
  readonly accessLog: AccessLog;
  readonly certificates: Certificates;
  readonly metrics: MetricsRegistry;
  /** What else is to be closed with them. */
  readonly watch?: { close(): void };
  /** Of each listener; undefined: without TLS. */
  readonly tls: readonly (ServerSslContext | undefined)[];
  /** Puts another declaration in the place of the present one; see `Gateway.reload`. */
  reload(declared: Pick<DeclaredGateway, 'declare' | 'config'>): Promise<void>;
}

/** Makes the TLS side of a listener. */
type ListenerTlsFactory = (options: Partial<ServerSslOptions>) => ServerSslContext;

/** A gateway that runs with what the program gives it: metrics, an access log, an admin listener. */
export interface DeclaredGateway {
  readonly admin: AdminSettings | undefined;
  /** Reads the configuration again for an operator. Absent: there is none to read. */
  readonly reload?: AdminActions['reload'];
  /** What an operator is shown as the configuration. */
  readonly config: object;
  readonly accessLog: Partial<AccessLogOptions>;
  /** The options that count where the declaration says nothing else. */
  declare(options: HandlerOptionValues, tlsOf: ListenerTlsFactory): GatewayDeclaration;
}

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
  const { listen: address, tls } = settings;
  const admin = role === undefined ? settings.admin : undefined;
  const handlers = withoutHandlers(listenerHandlers({ tls, admin }), settings.without, ALL_HANDLERS);
  const declare: DeclaredGateway['declare'] = (base, tlsOf) => ({
    listeners: [{ address, handlers, ...(tls && { tls: tlsOf(tls) }) }],
    originHandlers: withoutHandlers(originHandlers, settings.without, ALL_HANDLERS),
    modules: [bindings(settings, options, base)],
    ...behind,
  });
  const accessLog = { destination: settings.accessLog, format: settings.accessLogFormat };
  const config = { ...settings, ...behind };
  return startDeclaredGateway({ admin: settings.admin, config, accessLog, declare }, logger, role);
}

/**
 * Starts a gateway of any declaration with the program's metrics, access log and admin listener. A
 * worker has no admin listener of its own.
 */
export async function startDeclaredGateway(
  declared: DeclaredGateway,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<RunningGateway> {
  const isOperatedHere = role === undefined && declared.admin !== undefined;
  const operator = isOperatedHere ? new Operator(declared.admin, declared.reload) : undefined;
  const metrics = new MetricsRegistry();
  const certificates = new Certificates(metrics, logger, role?.ticketKeys);
  const accessLog = openAccessLog(
    { ...declared.accessLog, isShared: role !== undefined },
    { logger, onDrop: droppedLines(metrics), stringify: pinoLines() },
  );
  const onIncomplete = incompleteSessions(metrics);
  const base = new Map([[PassportLoggingOptions, { ...new PassportLoggingOptions(), onIncomplete }]]);
  const own = new ContainerModule(({ bind }) => {
    bind(MetricsRegistry).toConstantValue(metrics);
    bind(AccessLog).toConstantValue(accessLog);
    if (role !== undefined) bind(WorkerPlace).toConstantValue(role);
    bind(FILTER_LISTENER).toConstantValue(new FilterMetrics(metrics));
    if (operator !== undefined) bind(PassportHistory).toConstantValue(operator.passports);
    bind(Readiness).toConstantValue({ isReady: () => gateway.isReady });
  });
  const complete = ({ declare }: Pick<DeclaredGateway, 'declare'>): GatewayDeclaration => {
    const declaration = declare(base, (options) => certificates.contextFor(options));
    return {
      ...declaration,
      listeners: operator === undefined ? declaration.listeners : declaration.listeners.map(recorded),
      modules: [own, ...(declaration.modules ?? [])],
      logger,
    };
  };
  let { config } = declared;
  let declaration = complete(declared);
  const gateway: Gateway = new Gateway(declaration);
  const admin = operator?.listenerOf({ gateway, metrics, logger, config: () => config });
  // First: whether the gateway is ready can be asked while it looks for its servers.
  await admin?.start();
  await gateway.start();
  const reload: RunningGateway['reload'] = async (next) => {
    try {
      const completed = complete(next);
      await gateway.reload(completed);
      declaration = completed;
      ({ config } = next);
    } finally {
      certificates.keep(declaration.listeners.map((listener) => listener.tls));
    }
  };
  return {
    gateways: [gateway],
    admin,
    adminSettings: declared.admin,
    drainRequested: operator?.drainRequested,
    accessLog,
    certificates,
    metrics,
    tls: declaration.listeners.map(({ tls }) => tls),
    reload,
  };
}

function recorded(listener: ListenerDeclaration): ListenerDeclaration {
  return { ...listener, handlers: withPassportRecording(listener.handlers) };
}

/** What stands between a client and the filters; TLS, and what an operator looks at, are there only where they are configured. */
export function listenerHandlers({
  tls,
  admin,
}: Pick<GatewaySettings, 'tls' | 'admin'>): readonly HandlerClass[] {
  const list = tls === undefined ? serverHandlers : tlsServerHandlers;
  return admin === undefined ? list : withPassportRecording(list);
}

/** Ends every client's connection without losing a request, then stops everything, the operator's listener last. */
export async function drainReferenceGateway(
  { gateways: [gateway, ...others], admin, accessLog, certificates, watch }: RunningGateway,
  options: Partial<DrainOptions>,
): Promise<DrainReport | undefined> {
  watch?.close();
  const report = await gateway?.drain(options);
  await admin?.drain(ADMIN_DRAIN);
  await stopReferenceGateway({ gateways: others, admin: undefined, accessLog, certificates });
  return report;
}

export async function stopReferenceGateway({
  gateways,
  admin,
  accessLog,
  certificates,
}: Pick<RunningGateway, 'gateways' | 'admin' | 'accessLog' | 'certificates'>): Promise<void> {
  certificates.close();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await admin?.stop();
  await accessLog.close();
}

function bindings(
  { proxyProtocolFrom }: GatewaySettings,
  options: HandlerOptionValues,
  base: HandlerOptionValues,
): ContainerModule {
  const values = new Map<Newable, object>(base);
  for (const [type, value] of options) values.set(type, { ...base.get(type), ...value });
  if (proxyProtocolFrom.length > 0) {
    const own = values.get(ElbProxyProtocolOptions) ?? new ElbProxyProtocolOptions();
    const trustedPeers = new TrustedPeers(proxyProtocolFrom);
    values.set(ElbProxyProtocolOptions, { ...own, mode: 'required', trustedPeers });
  }
  return new ContainerModule(({ bind }) => {
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
