import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processTree, readProcesses } from './process-tree.ts';
import type { ProcStat } from './proc-stat.ts';

/** How long a process has after SIGTERM before it is killed. */
const STOP_GRACE_MS = 2_000;
const LOG_TAIL_CHARACTERS = 2_000;

/** How a process is started. */
export type Launch = {
  /** Name for messages. */
  name: string;
  file: string;
  args: readonly string[];
  /** File that takes its standard output and standard error. */
  logFile: string;
  /** Working directory; that of the program by default. */
  cwd?: string;
};

/**
 * One process that a program started, with all that it starts in turn. It leads a session of its own, by which its
 * tree is found again, and it has an IPC channel, by which a Node process notices that the program is gone.
 */
export class ManagedProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #ended: Promise<void>;
  #exit: string | undefined;

  constructor(launch: Launch) {
    this.name = launch.name;
    this.#logFile = launch.logFile;
    const log = openSync(launch.logFile, 'a');
    this.#child = spawn(launch.file, launch.args, {
      cwd: launch.cwd,
      detached: true,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#exit ??= how;
        resolve();
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => end(signal ? `ended by ${signal}` : `exited with ${code}`));
    });
  }

  /** Root of the process tree. */
  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw this.endedError();
    return pid;
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  /** Resolves when the process has ended, to how it did. */
  async outcome(): Promise<string> {
    await this.#ended;
    return this.#exit ?? '';
  }

  /** Says that the process ended when it was needed, with the end of its log. */
  endedError(): Error {
    const tail = readFileSync(this.#logFile, 'utf8').slice(-LOG_TAIL_CHARACTERS).trim();
    return new Error(`${this.name} ${this.#exit ?? 'did not start'}${tail === '' ? '' : `:\n${tail}`}`);
  }

  /** Sends a message over the IPC channel. */
  send(message: object): void {
    this.#child.send(message);
  }

  /** Sends a message, and waits for the next one of the process as {@link nextMessage} does. */
  ask(question: object, timeoutMs: number): Promise<unknown> {
    const answer = this.nextMessage(timeoutMs);
    // One that has ended takes no message; why it did is in the answer.
    if (!this.hasEnded) this.send(question);
    return answer;
  }

  /** Waits for the next message of the process; rejects when it ends first or is silent for `timeoutMs`. */
  nextMessage(timeoutMs: number): Promise<unknown> {
    if (this.hasEnded) return Promise.reject(this.endedError());
    const child = this.#child;
    return new Promise((resolve, reject) => {
      // None of them may stay: thousands of answers are waited for while a process lives.
      const settle = (outcome: () => void): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
        outcome();
      };
      const onMessage = (message: unknown): void => settle(() => resolve(message));
      const onEnd = (): void => settle(() => reject(this.endedError()));
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${this.name} said nothing for ${timeoutMs} ms`))),
        timeoutMs,
      );
      child.once('message', onMessage).once('exit', onEnd).once('error', onEnd);
    });
  }

  /** Ends the whole tree: SIGTERM to its root, then SIGKILL to what is left of it. */
  async stop(): Promise<void> {
    const tree = this.#tree();
    if (!this.hasEnded) {
      this.#child.kill('SIGTERM');
      await Promise.race([this.#ended, delay(STOP_GRACE_MS, undefined, { ref: false })]);
    }
    kill(survivors(tree));
    await this.#ended;
  }

  /** Ends the whole tree at once, for when nothing can be waited for any more. */
  kill(): void {
    kill(this.#tree());
  }

  #tree(): ProcStat[] {
    const { pid } = this.#child;
    return pid === undefined ? [] : processTree(pid, readProcesses());
  }
}

/** Those of `tree` that still run; a pid that meanwhile belongs to another process is not one of them. */
function survivors(tree: readonly ProcStat[]): ProcStat[] {
  const startTimes = new Map(readProcesses().map((one) => [one.pid, one.startTime]));
  return tree.filter((one) => startTimes.get(one.pid) === one.startTime);
}

function kill(processes: readonly ProcStat[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}
