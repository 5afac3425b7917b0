import type { AdminActions, LastReloadReport, LevelledLogger } from '@sluice/admin';
import { PassportHistory } from '@sluice/admin/passports';
// Not from the index, which brings all filters: without a file none is used.
import { Readiness } from '@sluice/builtin-filters/readiness';
import { reusePortTransport } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { FILTER_LISTENER, FilterMetrics } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import type { DrainOptions, GatewayDeclaration, ListenerDeclaration } from '@sluice/gateway';
import { AccessLog, openAccessLog } from '@sluice/handler-access-log';
import type { AccessLogOptions } from '@sluice/handler-access-log';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { addProcessMetrics } from '@sluice/handler-metrics/prometheus';
import { PassportLoggingOptions } from '@sluice/handler-passport';
import type { ServerSslContext, ServerSslOptions } from '@sluice/handler-tls';
import { WorkerPlace } from '@sluice/inject';
import { ContainerModule } from 'inversify';
import type { AdminSettings } from '../admin/admin-settings.ts';
import type { OperatedParts } from '../admin/operated.ts';
import type { Operator } from '../admin/operator.ts';
import type { HandlerOptionValues } from '../command-line/handler-settings.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { Certificates } from '../tls/certificates.ts';
import { version } from '../version.ts';
import type { WorkerRole } from '../workers/worker-messages.ts';
import { watchEventLoop } from './loop-watch.ts';
import { withPassportRecording } from './pipeline.ts';
import type { RunningGateway } from './running-gateway.ts';

/** Makes the TLS side of a listener. */
type ListenerTlsFactory = (options: Partial<ServerSslOptions>) => ServerSslContext;

/** A configuration as an operator is shown it. */
export interface ShownConfig {
  /** Without its secrets. */
  readonly shown: unknown;
  /** Replaces them in what was made of it. */
  hideSecrets<Shown>(shown: Shown): Shown;
}

/** A gateway that runs with what the program gives it: metrics, an access log, an admin listener. */
export interface DeclaredGateway {
  readonly admin: AdminSettings | undefined;
  /** Reads the configuration again for an operator. Absent: there is none to read. */
  readonly reload?: AdminActions['reload'];
  /** What came of the last time. */
  readonly lastReload?: () => LastReloadReport | undefined;
  /** The filters that a name of the configuration stands for. Absent: names are those of filters alone. */
  readonly filterNamesOf?: OperatedParts['filterNamesOf'];
  readonly config: ShownConfig;
  readonly accessLog: Partial<AccessLogOptions>;
  readonly drain: DrainOptions;
  /** The options that count where the declaration says nothing else. */
  declare(options: HandlerOptionValues, tlsOf: ListenerTlsFactory): GatewayDeclaration;
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
  const isOperated = declared.admin !== undefined;
  const operator = role === undefined ? await operatorOf(declared.admin) : undefined;
  const passports = new PassportHistory();
  const metrics = new MetricsRegistry();
  const certificates = new Certificates(metrics, logger, role?.ticketKeys);
  const accessLog = openAccessLog(
    { ...declared.accessLog, isShared: role !== undefined },
    { logger, onDrop: droppedLines(metrics) },
  );
  const onIncomplete = incompleteSessions(metrics);
  const base = new Map([[PassportLoggingOptions, { ...new PassportLoggingOptions(), onIncomplete }]]);
  // Made once, for what injects them to stay over reloads.
  const filterMetrics = new FilterMetrics(metrics);
  const readiness: Readiness = { isReady: () => gateway.isReady };
  const own = new ContainerModule(({ bind }) => {
    bind(MetricsRegistry).toConstantValue(metrics);
    bind(AccessLog).toConstantValue(accessLog);
    if (role !== undefined) bind(WorkerPlace).toConstantValue(role);
    bind(FILTER_LISTENER).toConstantValue(filterMetrics);
    if (isOperated) bind(PassportHistory).toConstantValue(passports);
    bind(Readiness).toConstantValue(readiness);
  });
  const complete = ({ declare }: Pick<DeclaredGateway, 'declare'>): GatewayDeclaration => {
    const declaration = declare(base, (options) => certificates.contextFor(options));
    return {
      ...declaration,
      ...(role?.reusePort === true && sharedPorts(declaration.listeners)),
      listeners: isOperated ? declaration.listeners.map(recorded) : declaration.listeners,
      modules: [own, ...(declaration.modules ?? [])],
      drain: declared.drain,
      logger,
    };
  };
  let { config } = declared;
  let declaration = complete(declared);
  const gateway: Gateway = new Gateway(declaration);
  const { reload, lastReload, filterNamesOf } = declared;
  const hideSecrets = <Shown>(shown: Shown): Shown => config.hideSecrets(shown);
  const shown = { gateway, metrics, passports, config: () => config.shown, hideSecrets, lastReload };
  const parts: OperatedParts = { ...shown, logger, reload, filterNamesOf };
  const admin = operator?.listenerOf(parts);
  // Loads what figures are told with: the first answer of a worker has as little time as each.
  if (isOperated) await addProgramMetrics(metrics);
  // First: whether the gateway is ready can be asked while it looks for its servers.
  await admin?.start();
  await gateway.start();
  const loopWatch = watchEventLoop(metrics, logger);
  const keepCertificates = (): void => certificates.keep(declaration.listeners.map(({ tls }) => tls));
  const prepareReload: RunningGateway['prepareReload'] = async (next) => {
    try {
      const completed = complete(next);
      const prepared = await gateway.prepareReload(completed);
      const commit = (): void => {
        prepared.commit();
        declaration = completed;
        ({ config } = next);
        keepCertificates();
      };
      return { commit, discard: () => prepared.discard().finally(keepCertificates) };
    } catch (cause) {
      keepCertificates();
      throw cause;
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
    loopWatch,
    tls: declaration.listeners.map(({ tls }) => tls),
    parts,
    prepareReload,
  };
}

// Imported where it is used: without an admin listener nothing of it is loaded.
async function operatorOf(admin: AdminSettings | undefined): Promise<Operator | undefined> {
  return admin && new (await import('../admin/operator.ts')).Operator(admin);
}

/** Listens where the other workers do, which port 0 would be another place for in each. Throws a {@link UsageError}. */
function sharedPorts(listeners: readonly ListenerDeclaration[]): Pick<GatewayDeclaration, 'transport'> {
  const isAny = listeners.some(({ address }) => 'port' in address && address.port === 0);
  if (isAny) throw new UsageError('--worker-accept reuse-port needs a port in each address, and not 0.');
  return { transport: reusePortTransport };
}

function recorded(listener: ListenerDeclaration): ListenerDeclaration {
  return { ...listener, handlers: withPassportRecording(listener.handlers) };
}

/** What is told of the program itself, to an operator. */
async function addProgramMetrics(metrics: MetricsRegistry): Promise<void> {
  const build = metrics.gauge({
    name: 'sluice.build.info',
    help: 'Always 1, with the version that runs.',
    labels: { version: 1 },
    merge: 'max',
  });
  build.labels(version()).set(1);
  await addProcessMetrics(metrics);
}

function incompleteSessions(metrics: MetricsRegistry): () => void {
  const help = 'Proxied requests whose response was not sent whole.';
  const counter = metrics.counter({ name: 'server.http.session.incomplete', help }).labels();
  return () => counter.inc();
}

function droppedLines(metrics: MetricsRegistry): (lines: number) => void {
  const help = 'Lines of the access log that were lost because too many waited or they could not be written.';
  const counter = metrics.counter({ name: 'access.log.dropped', help }).labels();
  return (lines) => counter.inc(lines);
}
