import type { FromWorker, StartWorkerProcess, ToWorker, WorkerProcessListener } from '../src/index.ts';

/** A process that does what a test says. */
export class FakeProcess {
  readonly id: number;
  readonly pid = 4242;
  readonly sent: ToWorker[] = [];
  readonly #listener: WorkerProcessListener;
  isAlive = true;
  /** Whether its event loop stands still. */
  isHung = false;

  constructor(id: number, listener: WorkerProcessListener) {
    this.id = id;
    this.#listener = listener;
  }

  /** Types of what it was told. */
  get told(): readonly string[] {
    return this.sent.map(({ type }) => type);
  }

  send(message: ToWorker): void {
    if (message.type !== 'ping') this.sent.push(message);
    else if (!this.isHung) this.says({ type: 'pong' });
  }

  kill(): void {
    if (this.isAlive) this.exits(undefined, 'SIGKILL');
  }

  says(message: FromWorker): void {
    this.#listener.received(message);
  }

  exits(code?: number, signal?: string): void {
    this.isAlive = false;
    this.#listener.exited({ code, signal });
  }
}

/** All that were started, in their order. */
export class FakeProcesses {
  readonly all: FakeProcess[] = [];

  readonly start: StartWorkerProcess = (id, listener) => {
    const started = new FakeProcess(id, listener);
    this.all.push(started);
    return started;
  };

  get last(): FakeProcess {
    return this.at(-1);
  }

  at(index: number): FakeProcess {
    const found = this.all.at(index);
    if (found === undefined) throw new Error(`No process ${index} was started.`);
    return found;
  }
}
