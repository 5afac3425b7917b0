import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { requireFreshBuild } from '../../support/fresh-build.ts';

const MAIN = fileURLToPath(new URL('../../../apps/gateway/dist/main.js', import.meta.url));

/** The gateway's own program, as built, in a process of its own. */
export class GatewayProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | string>;
  #stdout = '';
  #stderr = '';
  #notify: () => void = () => {};

  /** `program` is another file than the gateway's own; `maxDescriptors` is the limit of the system for it. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    program = MAIN,
    maxDescriptors: number | 'unlimited' = 'unlimited',
  ) {
    requireFreshBuild();
    const limit = maxDescriptors === 'unlimited' ? '' : `ulimit -n ${maxDescriptors};`;
    this.#child = spawn('sh', ['-c', `${limit} exec "$0" "$@"`, process.execPath, program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    onTestFinished(() => void this.#child.kill('SIGKILL'));
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#stdout += bytes.toString();
      this.#notify();
    });
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#stderr += bytes.toString();
      this.#notify();
    });
    this.#exit = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        resolve(code ?? signal ?? 'unknown');
        this.#notify();
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The port of the address that it announces. */
  get port(): number {
    return Number(/listening on https?:\/\/127\.0\.0\.1:(\d+)\n/.exec(this.#stdout)?.[1]);
  }

  /** The code or signal that it ends with. */
  exit(): Promise<number | string> {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Reads no more of its stdout, until it has ended. */
  stopReading(): void {
    const { stdout } = this.#child;
    stdout?.pause();
    this.#child.once('exit', () => stdout?.resume());
  }

  /** Waits until it says on stdout what matches. */
  async says(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.#stdout));
  }

  /** Waits until it has logged a text so many times. */
  async logs(text: string, times: number): Promise<void> {
    await this.#until(() => this.#stderr.split(text).length > times);
  }

  /** Waits until its log has so many matches at least; `pattern` is global. Returns them. */
  async logMatches(pattern: RegExp, count: number): Promise<readonly RegExpExecArray[]> {
    await this.#until(() => [...this.#stderr.matchAll(pattern)].length >= count);
    return [...this.#stderr.matchAll(pattern)];
  }

  async #until(isSaid: () => boolean): Promise<void> {
    while (!isSaid()) {
      if (this.#child.exitCode !== null) throw new Error(`It ended: ${this.#stdout}${this.#stderr}`);
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
  }
}

/** Starts quick mode, where `args` say nothing else on a free port, and waits until it listens and has said all it says. */
export async function spawnGateway(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const place = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const gateway = new GatewayProcess(['proxy', ...place, ...args], env);
  await gateway.says(/try: .*\n/);
  return gateway;
}
