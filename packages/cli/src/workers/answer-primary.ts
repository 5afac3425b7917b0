import { metricsSnapshot } from '@sluice/handler-metrics/prometheus';
import { HttpStatusError } from '@sluice/filters';
import type { WorkerLink } from '@sluice/workers';
import type { Operated } from '../admin/operated.ts';
import type { RunningGateway } from '../reference/running-gateway.ts';
import type { ChangeReply, GatewayWorkerRequests, WorkerRole } from './worker-messages.ts';
import { WorkerReload } from './worker-reload.ts';
import type { PrepareReload } from './worker-reload.ts';

/** Answers what the primary asks of this worker's gateway. `prepare`: absent where there is no configuration to go over to. */
export function answerPrimary(
  link: WorkerLink<GatewayWorkerRequests>,
  { metrics, certificates }: RunningGateway,
  { source, actions }: Operated,
  prepare: PrepareReload | undefined,
): void {
  link.onRequest('metrics', () => metricsSnapshot(metrics));
  link.onRequest('origins', () => source.origins());
  link.onRequest('listeners', () => source.listeners());
  link.onRequest('filters', () => source.filters());
  link.onRequest('config', () => source.config());
  link.onRequest('passports', (query) => source.passports(query));
  link.onRequest('setFilterEnabled', ({ name, isEnabled }) =>
    change(() => actions.setFilterEnabled?.(name, isEnabled)),
  );
  link.onRequest('setLogLevel', ({ level, logger }) => change(() => actions.setLogLevel?.(level, logger)));
  link.onRequest('reloadCertificates', () => {
    certificates.reload();
  });
  link.onRequest('setTicketKeys', (ticketKeys) => certificates.setTicketKeys(ticketKeys));
  if (prepare === undefined) return;
  const reload = new WorkerReload(prepare);
  link.onRequest('prepareReload', (record) => reload.prepare(record));
  link.onRequest('commitReload', () => reload.commit());
  link.onRequest('discardReload', () => reload.discard());
}

/** What the operator has changed before this worker was there. */
export async function takeOver(
  { actions }: Operated,
  { logLevel, disabledFilters }: Pick<WorkerRole, 'logLevel' | 'disabledFilters'>,
): Promise<void> {
  if (logLevel !== undefined) await change(() => actions.setLogLevel?.(logLevel, undefined));
  // One that the configuration has no more is nothing to turn off.
  for (const name of disabledFilters) await change(() => actions.setFilterEnabled?.(name, false));
}

async function change<Report>(
  make: () => Report | Promise<Report> | undefined,
): Promise<ChangeReply<Report>> {
  try {
    const report = await make();
    return report === undefined ? { status: 501, message: 'This can not be changed.' } : { report };
  } catch (cause) {
    if (!(cause instanceof HttpStatusError)) throw cause;
    return { status: cause.status, message: cause.message };
  }
}
