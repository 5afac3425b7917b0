import { connect, type Socket } from 'node:net';
import { typescriptLaunch } from '../../support/process/typescript-launch.ts';
import type { LoadBench } from '../load-bench.ts';

const START_MS = 15_000;
/** More than its queue takes: that of the kernel has one place more than it was asked for. */
const FILLERS = 16;

/** A server that accepts no connections, and does not refuse them either: its queue is full. */
export class BlackHoleServer {
  readonly port: number;
  readonly #fillers: readonly Socket[];

  private constructor(port: number, fillers: readonly Socket[]) {
    this.port = port;
    this.#fillers = fillers;
  }

  static async start({ processes, directory }: LoadBench): Promise<BlackHoleServer> {
    const started = processes.start(typescriptLaunch(new URL('main.ts', import.meta.url), directory));
    const { port } = (await started.nextMessage(START_MS)) as { port: number };
    process.kill(started.pid, 'SIGSTOP');
    const fillers = Array.from({ length: FILLERS }, () => connect({ host: '127.0.0.1', port }));
    for (const filler of fillers) filler.on('error', () => {});
    await Promise.race(fillers.map((filler) => new Promise((resolve) => filler.once('connect', resolve))));
    return new BlackHoleServer(port, fillers);
  }

  /** Ends the connections that fill its queue. */
  close(): void {
    for (const filler of this.#fillers) filler.destroy();
  }
}
