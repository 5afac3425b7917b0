import { fileURLToPath } from 'node:url';
import { freePort } from '../support/process/free-port.ts';
import type { ManagedProcess } from '../support/process/managed-process.ts';
import type { ProcessSet } from '../support/process/process-set.ts';
import { waitUntilReady } from '../support/process/wait-until-ready.ts';

const MAIN = fileURLToPath(new URL('../../apps/gateway/dist/main.js', import.meta.url));
const PROBE = fileURLToPath(new URL('probe.js', import.meta.url));
const ANSWER_MS = 30_000;
// So large that nothing is collected while allocations are counted.
const NEW_SPACE_MIB = 256;

/** What a process has done since it began. */
export type Counts = {
  readonly socketWrites: number;
  readonly timers: number;
  /** Of garbage. */
  readonly collections: number;
  readonly heapBytes: number;
  /** Of the old generation, where only a collection of the whole heap frees what is not used any more. */
  readonly oldBytes: number;
};

/** The reference gateway from its build, which can be asked for its counts. */
export class CountedGateway {
  readonly port: number;
  readonly #process: ManagedProcess;

  private constructor(port: number, process: ManagedProcess) {
    this.port = port;
    this.#process = process;
  }

  /** `command` is what the gateway is started with, to listen on a port of 127.0.0.1. */
  static async start(
    processes: ProcessSet,
    command: (port: number) => readonly string[],
    logFile: string,
    newSpaceMiB = NEW_SPACE_MIB,
  ): Promise<CountedGateway> {
    const port = await freePort();
    const started = processes.start({
      name: 'gateway',
      file: process.execPath,
      args: [...newSpace(newSpaceMiB), '--import', PROBE, MAIN, ...command(port)],
      logFile,
    });
    await waitUntilReady(started, port, false);
    return new CountedGateway(port, started);
  }

  counts(): Promise<Counts> {
    return this.#process.ask({ ask: 'counts' }, ANSWER_MS) as Promise<Counts>;
  }
}

function newSpace(mib: number): readonly string[] {
  return [`--min-semi-space-size=${mib}`, `--max-semi-space-size=${mib}`];
}
