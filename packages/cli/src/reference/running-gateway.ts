import type { DrainReport, Gateway } from '@sluice/gateway';
import type { AccessLog } from '@sluice/handler-access-log';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import type { ServerSslContext } from '@sluice/handler-tls';
import type { AdminSettings } from '../admin/admin-settings.ts';
import type { OperatedParts } from '../admin/operated.ts';
import type { Certificates } from '../tls/certificates.ts';
import type { DeclaredGateway } from './declared-gateway.ts';
import { ADMIN_DRAIN } from './drain-options.ts';

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
  /** Tells of turns of the event loop that take too long. */
  readonly loopWatch: { close(): void };
  /** What else is to be closed with them. */
  readonly watch?: { close(): void };
  /** Of each listener; undefined: without TLS. */
  readonly tls: readonly (ServerSslContext | undefined)[];
  /** What an operator can look at and change. */
  readonly parts: OperatedParts;
  /** Gets ready to put another declaration in the place of the present one; see `Gateway.prepareReload`. */
  prepareReload(declared: Pick<DeclaredGateway, 'declare' | 'config'>): Promise<PreparedGateway>;
}

/** Another declaration of a running gateway, which is not in use yet. */
export interface PreparedGateway {
  commit(): void;
  discard(): Promise<void>;
}

/** Ends every client's connection without losing a request, then stops everything, the operator's listener last. */
export async function drainReferenceGateway({
  gateways: [gateway, ...others],
  admin,
  accessLog,
  certificates,
  loopWatch,
  watch,
}: RunningGateway): Promise<DrainReport | undefined> {
  watch?.close();
  const report = await gateway?.drain();
  await admin?.drain(ADMIN_DRAIN);
  await stopReferenceGateway({ gateways: others, admin: undefined, accessLog, certificates, loopWatch });
  return report;
}

/** Stops everything at once. */
export async function stopReferenceGateway({
  gateways,
  admin,
  accessLog,
  certificates,
  loopWatch,
}: Pick<RunningGateway, 'gateways' | 'admin' | 'accessLog' | 'certificates' | 'loopWatch'>): Promise<void> {
  loopWatch.close();
  certificates.close();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await admin?.stop();
  await accessLog.close();
}
