import type { AdminActions, AdminSource, LevelledLogger } from '@sluice/admin';
import { SystemClock } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import { newTicketKeys, TicketKeyRotation } from '@sluice/handler-tls';
import { clusterProcesses, WorkerSupervisor } from '@sluice/workers';
import type { AdminSettings } from '../admin/admin-settings.ts';
import { logLevelsOf } from '../admin/log-levels-of.ts';
import { Operator } from '../admin/operator.ts';
import { announce } from '../program/announce.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { addressesOf, startDemoOrigins } from '../commands/demo.ts';
import { signalsAtStart } from '../program/program-signals.ts';
import type { Program } from '../program/program.ts';
import { drainOptions } from '../reference/drain-options.ts';
import { PrimarySignals } from './primary-signals.ts';
import type { ConfiguredWorkers } from '../config/configured-workers.ts';
import { SupervisorAdminActions } from './supervisor-admin-actions.ts';
import { SupervisorAdminSource } from './supervisor-admin-source.ts';
import { WorkerMetrics } from './worker-metrics.ts';
import type { GatewayWorkerRequests, ReadyWorker, WorkerRole } from './worker-messages.ts';

type Supervisor = WorkerSupervisor<GatewayWorkerRequests>;

/** What a worker gets beyond its drain to close its files and end. */
const GRACE_MS = 5_000;

/**
 * Runs the gateway in several workers, and in this process what there is once: their supervisor, the
 * configuration, and the admin listener. Rejects with a SluiceError when they can't start.
 */
export async function runPrimary(
  commandLine: CommandLine,
  program: Program,
  logger: Logger & Partial<LevelledLogger>,
): Promise<void> {
  const { command, workers, workerAccept, drainTimeoutMs, hungTimeoutMs } = commandLine;
  const signals = new PrimarySignals(signalsAtStart(commandLine.config !== undefined, logger), logger);
  const configured = await configuredBy(commandLine);
  const origins = command === 'demo' ? await startDemoOrigins(program, logger) : [];
  const shared = {
    workers,
    reusePort: workerAccept === 'reuse-port',
    demoServers: command === 'demo' ? addressesOf(origins) : undefined,
  };
  let ticketKeys = newTicketKeys();
  const metrics = new WorkerMetrics();
  const supervisor: Supervisor = new WorkerSupervisor<GatewayWorkerRequests>({
    startProcess: clusterProcesses({ scheduling: workerAccept === 'reuse-port' ? undefined : workerAccept }),
    startData: (worker): WorkerRole => ({
      worker,
      ...shared,
      ticketKeys,
      config: configured?.recordFor(worker, supervisor),
      logLevel: actions.logLevel,
      disabledFilters: actions.disabledFilters,
    }),
    options: {
      workers,
      drainTimeoutMs: drainOptions(drainTimeoutMs).timeoutMs + GRACE_MS,
      ...(hungTimeoutMs !== undefined && { hungTimeoutMs }),
    },
    logger,
    onEnd: (worker, end) => {
      metrics.retire(worker, end);
      signals.workerEnded(end);
    },
    onFailure: (error) => signals.failed(error),
  });
  const logLevels = logLevelsOf(logger);
  const actions = new SupervisorAdminActions(supervisor, logLevels, configured?.reload);
  // Before the workers are ready: a signal while they start is not lost.
  signals.listen(supervisor, origins);
  // What is sent comes from a worker of this very program.
  const [first] = (await supervisor.start()) as readonly ReadyWorker[];
  if (first === undefined || signals.isStopping) return;
  await configured?.watch(supervisor, metrics.own, logger);
  signals.changeWorkers(supervisor, configured && (() => configured.reloadAtSignal()));
  const rotation = new TicketKeyRotation((keys) => {
    ticketKeys = keys;
    void supervisor.request('setTicketKeys', keys);
  }, new SystemClock());
  signals.closeAtDrain(rotation, configured);
  const source = new SupervisorAdminSource({
    supervisor,
    metrics,
    logLevels,
    isStopping: () => signals.isStopping,
    lastReload: configured && (() => configured.lastReload),
  });
  const admin = first.admin && (await operate(first.admin, { source, actions, supervisor }, signals, logger));
  if (!signals.isStopping) announce(first.announcement, admin, workers);
}

// Imported where it is used: the schema and the parser take a tenth of a second that quick mode has no use for.
async function configuredBy({ command, config }: CommandLine): Promise<ConfiguredWorkers | undefined> {
  if (command !== 'run' || config === undefined) return undefined;
  return (await import('../config/configured-workers.ts')).ConfiguredWorkers.load(config);
}

interface Operated {
  readonly source: AdminSource;
  readonly actions: AdminActions;
  readonly supervisor: Supervisor;
}

async function operate(
  settings: AdminSettings,
  { source, actions, supervisor }: Operated,
  signals: PrimarySignals,
  logger: Logger,
): Promise<Gateway> {
  try {
    const operator = new Operator(settings);
    const admin = operator.listenerFor({ source, actions }, logger);
    await signals.operate(admin, operator.drainRequested);
    return admin;
  } catch (cause) {
    supervisor.kill();
    throw cause;
  }
}
