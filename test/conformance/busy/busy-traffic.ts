import type { ManagedProcess } from '../../support/process/managed-process.ts';
import type { ProcessSet } from '../../support/process/process-set.ts';
import { typescriptLaunch } from '../../support/process/typescript-launch.ts';
import type { BusyCounts, Busyness, BusyQuestion, BusyTarget } from './busy-question.ts';

const ANSWER_MS = 30_000;

/** Busy clients in another process, as the run that asked for them sees them. */
export class BusyTraffic {
  readonly #process: ManagedProcess;

  private constructor(process: ManagedProcess) {
    this.#process = process;
  }

  /** Keeps requests in flight at a gateway. */
  static async start(
    processes: ProcessSet,
    directory: string,
    target: Busyness & BusyTarget,
  ): Promise<BusyTraffic> {
    const started = processes.start(typescriptLaunch(new URL('main.ts', import.meta.url), directory));
    await started.nextMessage(ANSWER_MS);
    const traffic = new BusyTraffic(started);
    await traffic.#ask({ ask: 'start', ...target });
    return traffic;
  }

  /** Ends them once each has its last answer. */
  async stop(): Promise<BusyCounts> {
    return (await this.#ask({ ask: 'stop' })) as BusyCounts;
  }

  #ask(question: BusyQuestion): Promise<unknown> {
    return this.#process.ask(question, ANSWER_MS);
  }
}
