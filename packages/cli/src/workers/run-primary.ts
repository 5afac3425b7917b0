import type { Logger } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import { newTicketKeys } from '@sluice/handler-tls';
import { clusterProcesses, WorkerSupervisor } from '@sluice/workers';
import type { AdminSettings } from '../admin/admin-settings.ts';
import { Operator } from '../admin/operator.ts';
import { announce } from '../program/announce.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { addressesOf, startDemoOrigins } from '../commands/demo.ts';
import type { Program } from '../program/program.ts';
import { drainOptions } from '../reference/drain-options.ts';
import { PrimarySignals } from './primary-signals.ts';
import type { ReadyWorker } from './run-worker.ts';
import { SupervisorAdminSource } from './supervisor-admin-source.ts';
import type { SupervisedParts } from './supervisor-admin-source.ts';
import { WorkerMetrics } from './worker-metrics.ts';
import type { WorkerRole } from './worker-role.ts';

/** What a worker gets beyond its drain to close its files and end. */
const GRACE_MS = 5_000;

/**
 * Runs the gateway in several workers, and in this process what there is once: their supervisor and
 * the admin listener. Rejects with a SluiceError when they can't start.
 */
export async function runPrimary(commandLine: CommandLine, program: Program, logger: Logger): Promise<void> {
  const { command, workers, drainTimeoutMs } = commandLine;
  const origins = command === 'demo' ? await startDemoOrigins(program, logger) : [];
  const shared = {
    workers,
    ticketKeys: newTicketKeys(),
    demoServers: command === 'demo' ? addressesOf(origins) : undefined,
  };
  const metrics = new WorkerMetrics();
  const signals = new PrimarySignals(logger);
  const supervisor = new WorkerSupervisor({
    startProcess: clusterProcesses(),
    startData: (worker): WorkerRole => ({ worker, ...shared }),
    options: { workers, drainTimeoutMs: drainOptions(drainTimeoutMs).timeoutMs + GRACE_MS },
    logger,
    onEnd: (worker, end) => {
      metrics.retire(worker, end);
      signals.workerEnded(end);
    },
    onFailure: (error) => signals.failed(error),
  });
  // Before the workers are ready: a signal while they start is not lost.
  signals.listen(supervisor, origins, command === 'run' ? ['SIGUSR1', 'SIGHUP'] : ['SIGUSR1']);
  // What is sent comes from a worker of this very program.
  const [first] = (await supervisor.start()) as readonly ReadyWorker[];
  if (first === undefined || signals.isStopping) return;
  const parts = { supervisor, metrics, isStopping: () => signals.isStopping };
  const admin = first.admin && (await operate(first.admin, parts, signals, logger));
  if (!signals.isStopping) announce(first.announcement, admin, workers);
}

async function operate(
  settings: AdminSettings,
  parts: SupervisedParts,
  signals: PrimarySignals,
  logger: Logger,
): Promise<Gateway> {
  try {
    const operator = new Operator(settings);
    const admin = operator.listenerFor(new SupervisorAdminSource(parts), {}, logger);
    await signals.operate(admin, operator.drainRequested);
    return admin;
  } catch (cause) {
    parts.supervisor.kill();
    throw cause;
  }
}
