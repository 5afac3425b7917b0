import type { ManagedProcess } from '../../support/process/managed-process.ts';
import type { OriginCounts, OriginQuestion } from './origin-counts.ts';

const ANSWER_MS = 10_000;

/** The origin, as the program that started it sees it. */
export class LoadOrigin {
  readonly #process: ManagedProcess;
  readonly port: number;

  constructor(process: ManagedProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  counts(): Promise<OriginCounts> {
    return this.#ask({ ask: 'counts' });
  }

  /** Kills it, as the system does that has no memory left. */
  async kill(): Promise<void> {
    process.kill(this.#process.pid, 'SIGKILL');
    await this.#process.outcome();
  }

  /** Ends all its connections; those of a pool too. */
  async closeConnections(): Promise<void> {
    await this.#ask({ ask: 'close' });
  }

  /** From now on ends a new connection when nothing came or went on it for so long; 0 leaves it open. */
  async closeIdleAfter(ms: number): Promise<void> {
    await this.#ask({ ask: 'close-idle-after', ms });
  }

  async #ask(question: OriginQuestion): Promise<OriginCounts> {
    return (await this.#process.ask(question, ANSWER_MS)) as OriginCounts;
  }
}
