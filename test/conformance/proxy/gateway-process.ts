import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunningProxy } from './proxy-under-test.ts';

const MAIN = fileURLToPath(new URL('../../../apps/gateway/dist/main.js', import.meta.url));

/** Milliseconds in which the gateway must say that it listens. */
const START_DEADLINE_MS = 20_000;

/** How much of the gateway's own words a report shows. */
const KEPT_OUTPUT = 4_000;

/** The reference gateway, as built, in a process of its own. */
export class GatewayProcess implements RunningProxy {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #output = '';
  #onOutput: () => void = () => {};
  #isStopping = false;
  #failure: string | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
      this.#onOutput();
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        if (!this.#isStopping) this.#failure = `the gateway ended (${signal ?? code}): ${this.#output}`;
        this.#onOutput();
        resolve();
      });
    });
  }

  /** Starts it with these arguments, which tell it to listen on this port. Resolves once it does. */
  static async start(port: number, args: readonly string[]): Promise<GatewayProcess> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there: run "npm run build" first`);
    const gateway = new GatewayProcess(port, args);
    await gateway.#listening();
    return gateway;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #listening(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`the gateway did not listen within ${START_DEADLINE_MS} ms: ${this.#output}`));
      }, START_DEADLINE_MS);
      this.#onOutput = () => {
        const isListening = this.#output.includes('listening');
        if (!isListening && this.#failure === undefined) return;
        clearTimeout(late);
        this.#onOutput = () => {};
        if (isListening) resolve();
        else reject(new Error(this.#failure));
      };
    });
  }
}
