import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ManagedProcess } from '../../support/process/managed-process.ts';
import type { ProcessSet } from '../../support/process/process-set.ts';
import { treeUsage } from '../../support/process/process-tree.ts';
import { waitUntilReady } from '../../support/process/wait-until-ready.ts';
import type { LoopDelay, MemoryReading, Resources } from './memory-reading.ts';
import { readMetrics, type Metrics } from './metrics.ts';

const MAIN = fileURLToPath(new URL('../../../apps/gateway/dist/main.js', import.meta.url));
const PROBE = fileURLToPath(new URL('probe.js', import.meta.url));
const ANSWER_MS = 60_000;
const STOP_MS = 40_000;
/** Levels of pino: 50 is an error. */
const ERROR_LINE = /^\{"level":[56]0,.*$/gm;

/** How the gateway is started. */
export type GatewayStart = {
  /** Name of its log file; one of a kind within a run. */
  name: string;
  /** Arguments behind the name of the program. */
  args: readonly string[];
  /** The port where it answers first, and whether that speaks TLS. */
  port: number;
  isTls?: boolean;
  /** Port of its admin listener; absent: it has none. */
  adminPort?: number;
  /** Without: the program alone, as users run it. */
  isProbed?: boolean;
};

/** The reference gateway, from its build, in a process of its own that can be asked what it holds. */
export class GatewayUnderTest {
  readonly #process: ManagedProcess;
  readonly #adminPort: number | undefined;
  readonly #logFile: string;

  private constructor(process: ManagedProcess, adminPort: number | undefined, logFile: string) {
    this.#process = process;
    this.#adminPort = adminPort;
    this.#logFile = logFile;
  }

  /** Starts it, and waits until it hands through an answer of the origin. */
  static async start(
    processes: ProcessSet,
    directory: string,
    start: GatewayStart,
  ): Promise<GatewayUnderTest> {
    const logFile = join(directory, `${start.name}.log`);
    const probe = (start.isProbed ?? true) ? ['--expose-gc', '--import', PROBE] : [];
    const args = [...probe, MAIN, ...start.args];
    const started = processes.start({ name: 'gateway', file: process.execPath, args, logFile });
    await waitUntilReady(started, start.port, start.isTls ?? false);
    return new GatewayUnderTest(started, start.adminPort, logFile);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Collects garbage, then reads what it holds. */
  memory(): Promise<MemoryReading> {
    return this.#ask({ ask: 'memory' }) as Promise<MemoryReading>;
  }

  /** Counts its sockets, timers and files. */
  resources(): Promise<Resources> {
    return this.#ask({ ask: 'resources' }) as Promise<Resources>;
  }

  /** How late its event loop was since the last time that this was asked. */
  loopDelay(): Promise<LoopDelay> {
    return this.#ask({ ask: 'loop-delay' }) as Promise<LoopDelay>;
  }

  /** From now on measures the longest turn of its event loop, for `loopDelay`. */
  async watchTurns(): Promise<void> {
    await this.#ask({ ask: 'watch-turns' });
  }

  /** Writes a heap snapshot. It takes memory itself, which stays: no other reading means anything after it. */
  async heapSnapshot(file: string): Promise<void> {
    await this.#ask({ ask: 'snapshot', file });
  }

  /** What its admin listener says at `/metrics`. */
  async metrics(): Promise<Metrics> {
    if (this.#adminPort === undefined) throw new Error('this gateway has no admin listener');
    if (this.#process.hasEnded) throw this.#process.endedError();
    return readMetrics(this.#adminPort);
  }

  /** CPU time of the process and its workers up to now. */
  get cpuMicros(): number {
    return treeUsage(this.#process.pid).cpuMicros;
  }

  /** What it has logged as an error. */
  errorLines(): readonly string[] {
    return readFileSync(this.#logFile, 'utf8').match(ERROR_LINE) ?? [];
  }

  /** The lines of its log that have a text in them. */
  lines(text: string): readonly string[] {
    return readFileSync(this.#logFile, 'utf8')
      .split('\n')
      .filter((line) => line.includes(text));
  }

  /** How often it has logged a text. */
  logged(text: string): number {
    return readFileSync(this.#logFile, 'utf8').split(text).length - 1;
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.#process.pid, signal);
  }

  /** Sends SIGTERM and waits for its end; resolves to how it ended. */
  async end(): Promise<string> {
    this.signal('SIGTERM');
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), STOP_MS);
    const outcome = await Promise.race([this.#process.outcome(), aborted(late.signal)]);
    clearTimeout(timer);
    return outcome;
  }

  #ask(question: object): Promise<unknown> {
    return this.#process.ask(question, ANSWER_MS);
  }
}

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('did not end'), { once: true });
  });
}
