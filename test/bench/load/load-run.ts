import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { treeUsage } from '../../support/process/process-tree.ts';
import { scenarioNamed } from '../scenarios.ts';
import { Histogram } from '../../support/measure/histogram.ts';
import { LoadConnection, type LoadObserver } from './load-connection.ts';
import { ClosedLoop, OpenLoop } from './pace.ts';
import type { LoadCommand, Measurement } from './protocol.ts';

/** How long requests in flight may take to finish after the window. */
const DRAIN_MS = 2_000;

/** Counts what happens inside the window; errors are counted outside of it too. */
class WindowObserver implements LoadObserver {
  readonly latencies = new Histogram();
  isOpen = false;
  errors = 0;
  firstError: string | undefined;

  completed(latencyMicros: number): void {
    if (this.isOpen) this.latencies.record(latencyMicros);
  }

  failed(reason: string): void {
    this.errors += 1;
    this.firstError ??= reason;
  }
}

/**
 * Loads one peer for a warm-up and a window. The peer's CPU time is read here, by the process that counts the
 * requests, so that both counts begin and end at the same moment.
 */
export async function runLoad(command: LoadCommand): Promise<Measurement> {
  const scenario = scenarioNamed(command.scenario);
  const observer = new WindowObserver();
  const { ratePerSecond } = command;
  const pace = ratePerSecond === undefined ? new ClosedLoop() : new OpenLoop(ratePerSecond);
  const connections = Array.from(
    { length: command.connections },
    () => new LoadConnection(command.port, scenario, observer, pace),
  );
  for (const connection of connections) connection.open();
  await delay(command.warmupMs);
  const spent = await openWindow(observer, command);
  pace.stop();
  await drain(connections);
  return summarise(observer, spent);
}

type Spent = Pick<Measurement, 'seconds' | 'cpuMicros' | 'rssBytes'>;

async function openWindow(observer: WindowObserver, command: LoadCommand): Promise<Spent> {
  const before = treeUsage(command.rootPid);
  const startedAtMs = performance.now();
  observer.isOpen = true;
  await delay(command.durationMs);
  observer.isOpen = false;
  const seconds = (performance.now() - startedAtMs) / 1000;
  const after = treeUsage(command.rootPid);
  return { seconds, cpuMicros: after.cpuMicros - before.cpuMicros, rssBytes: after.rssBytes };
}

async function drain(connections: readonly LoadConnection[]): Promise<void> {
  const stopped = Promise.all(connections.map((connection) => connection.stop()));
  const deadline = setTimeout(() => {
    for (const connection of connections) connection.abort();
  }, DRAIN_MS);
  await stopped;
  clearTimeout(deadline);
}

function summarise(observer: WindowObserver, spent: Spent): Measurement {
  const { latencies, errors, firstError } = observer;
  return {
    requests: latencies.count,
    errors,
    ...(firstError === undefined ? {} : { firstError }),
    ...spent,
    p50Micros: latencies.percentile(50),
    p99Micros: latencies.percentile(99),
    p999Micros: latencies.percentile(99.9),
    maxMicros: latencies.percentile(100),
  };
}
