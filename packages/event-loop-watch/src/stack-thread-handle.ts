import { url as inspectorUrl } from 'node:inspector';
import { extname } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';
import type { StackReport } from './describe-stack.ts';
import type { StackThreadData, StackThreadTimes } from './stack-thread.ts';

interface Message {
  readonly at: number;
  readonly report: StackReport;
}

/** The thread that reads the stack of a blocked main thread, seen from that main thread. */
export class StackThreadHandle {
  readonly #worker: Worker;
  readonly #beat: Int32Array;
  #latest: Message | undefined = undefined;

  /** Undefined where there is no thread to look at, or where a debugger does. */
  static start(times: StackThreadTimes): StackThreadHandle | undefined {
    if (!isMainThread || inspectorUrl() !== undefined) return undefined;
    return new StackThreadHandle(times);
  }

  private constructor(times: StackThreadTimes) {
    const beats = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const data: StackThreadData = { beats, ...times };
    this.#beat = new Int32Array(beats);
    // Built or not, the thread's file is beside this one.
    const file = new URL(`./stack-thread${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    this.#worker.on('message', (message: Message) => (this.#latest = message));
    // A bundle may have left the file out: what blocks has no name then.
    this.#worker.on('error', () => {});
    this.#worker.unref();
  }

  /** The main thread is running its timers. Returns the number of this time. */
  beat(): number {
    return Atomics.add(this.#beat, 0, 1) + 1;
  }

  /** What ran between a beat and the one after it, where somebody looked. */
  seenAfter(beat: number): StackReport | undefined {
    return this.#latest?.at === beat ? this.#latest.report : undefined;
  }

  close(): void {
    void this.#worker.terminate();
  }
}
