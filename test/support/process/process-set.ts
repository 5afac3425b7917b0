import { ManagedProcess, type Launch } from './managed-process.ts';

/** Every process that a program started and that may still run: ends them, and nothing else. */
export class ProcessSet {
  readonly #running = new Set<ManagedProcess>();
  #isClosed = false;

  start(launch: Launch): ManagedProcess {
    if (this.#isClosed) throw new Error('the program is ending');
    const started = new ManagedProcess(launch);
    this.#running.add(started);
    return started;
  }

  async stop(one: ManagedProcess): Promise<void> {
    await one.stop();
    this.#running.delete(one);
  }

  /** Ends all of them, and lets no other start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#running].map((one) => this.stop(one)));
  }

  /** Ends them at once, from the `exit` event of the program, where nothing can be awaited. */
  killAll(): void {
    for (const one of this.#running) one.kill();
  }
}
