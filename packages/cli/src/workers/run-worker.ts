import { metricsSnapshot } from '@sluice/handler-metrics/prometheus';
import cluster from 'node:cluster';
import { WorkerLink } from '@sluice/workers';
import type { Logger as PinoLogger } from 'pino';
import { operated } from '../admin/operated.ts';
import { announcementOf } from '../program/announce.ts';
import { ignoreRestart, ProgramSignals } from '../program/program-signals.ts';
import type { Program } from '../program/program.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import type { StartedCommand } from '../commands/started-command.ts';
import { drainReferenceGateway } from '../reference/running-gateway.ts';
import type { RunningGateway } from '../reference/running-gateway.ts';
import { startCommand } from '../commands/start-command.ts';
import { startFailure } from '../program/start-failure.ts';
import { surviveErrors } from '../program/survive-errors.ts';
import { answerPrimary, takeOver } from './answer-primary.ts';
import type { DrainedWorker, GatewayWorkerRequests, ReadyWorker, WorkerRole } from './worker-messages.ts';

/** Runs the gateway as one of several workers, under the orders of the primary. */
export async function runWorker(
  commandLine: CommandLine,
  program: Program,
  logger: PinoLogger,
): Promise<void> {
  const signals = workerSignals(logger);
  const link = new WorkerLink<GatewayWorkerRequests>(process);
  // Also one that is passed on while this starts, which may have opened the file of the access log by then.
  link.onSignal('SIGUSR1', () => signals.raise('SIGUSR1'));
  // What it is comes from the primary of this very program.
  const role = (await link.startData) as WorkerRole;
  const { running, routes, prepareReload } = await start(
    commandLine,
    program,
    logger.child({ worker: role.worker }),
    role,
    link,
  );
  surviveErrors(running.metrics, logger);
  signals.on('SIGUSR1', () => running.accessLog.reopen());
  const operable = operated(running.parts);
  answerPrimary(link, running, operable, prepareReload);
  await takeOver(operable, role);
  let drained: Promise<void> | undefined;
  const drain = (): void => void (drained ??= drainAndExit(running, link));
  link.onDrain(drain);
  process.on('SIGTERM', drain);
  const ready: ReadyWorker = { announcement: announcementOf(running, routes), admin: running.adminSettings };
  await link.ready(ready);
}

function workerSignals(logger: PinoLogger): ProgramSignals {
  const signals = new ProgramSignals(['SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']);
  // A terminal sends them to all processes of the program; the primary says what is to be done.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) signals.on(signal, () => {});
  ignoreRestart(signals, logger, 'this is a worker; send it to the process that has started it.');
  return signals;
}

async function start(
  commandLine: CommandLine,
  program: Program,
  logger: PinoLogger,
  role: WorkerRole,
  link: WorkerLink<GatewayWorkerRequests>,
): Promise<StartedCommand> {
  try {
    return await startCommand(commandLine, program, logger, role);
  } catch (cause) {
    const failure = startFailure(cause);
    await link.failed(failure);
    return process.exit(failure.exitCode);
  }
}

async function drainAndExit(running: RunningGateway, link: WorkerLink<GatewayWorkerRequests>): Promise<void> {
  const drain = await drainReferenceGateway(running);
  // Without an admin listener nobody asks for figures, and what tells them was not loaded while the program's files were there.
  const metrics = running.adminSettings && (await metricsSnapshot(running.metrics));
  const report: DrainedWorker = { drain, metrics };
  await link.drained(report);
  cluster.worker?.disconnect();
}
