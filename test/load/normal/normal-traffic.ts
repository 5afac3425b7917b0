import type { ManagedProcess } from '../../support/process/managed-process.ts';
import type { PacedCounts } from '../client/paced-client.ts';
import type { NormalQuestion } from './normal-question.ts';

/** Longer than the clients wait for what is under way when they stop. */
const ANSWER_MS = 20_000;

/** Small requests at a constant rate from another process, as the program that asked for them sees it. */
export class NormalTraffic {
  readonly #process: ManagedProcess;

  constructor(process: ManagedProcess) {
    this.#process = process;
  }

  /** Begins; a latency counts from the moment that was planned for its request (`PacedClient`). */
  async start(port: number, ratePerSecond: number): Promise<void> {
    await this.#ask({ ask: 'start', port, ratePerSecond });
  }

  /** What came since the last time that this was asked. */
  take(): Promise<PacedCounts> {
    return this.#ask({ ask: 'take' });
  }

  /** Sends no more, waits for what is under way, and resolves to what came since the last `take`. */
  stop(): Promise<PacedCounts> {
    return this.#ask({ ask: 'stop' });
  }

  async #ask(question: NormalQuestion): Promise<PacedCounts> {
    return (await this.#process.ask(question, ANSWER_MS)) as PacedCounts;
  }
}
