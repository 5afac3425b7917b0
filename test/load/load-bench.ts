import { TestCa, type CertificateFiles } from '../support/certificates.ts';
import type { ProcessSet } from '../support/process/process-set.ts';
import { typescriptLaunch } from '../support/process/typescript-launch.ts';
import { LoadOrigin } from './origin/load-origin.ts';
import { NormalTraffic } from './normal/normal-traffic.ts';
import { GatewayUnderTest, type GatewayStart } from './gateway/gateway-under-test.ts';

const START_MS = 15_000;

/** What a program runs in: processes that end with it, and a folder that goes with it. */
export class LoadBench {
  readonly processes: ProcessSet;
  readonly directory: string;
  /** Says how far the program is, to a person who waits. */
  readonly progress: (line: string) => void;
  #ca: TestCa | undefined;
  #certificate: CertificateFiles | undefined;

  constructor(processes: ProcessSet, directory: string, progress: (line: string) => void = () => {}) {
    this.processes = processes;
    this.directory = directory;
    this.progress = progress;
  }

  /** Starts the origin of all programs; its answer is chosen by each request. */
  async startOrigin(): Promise<LoadOrigin> {
    const launch = typescriptLaunch(new URL('origin/main.ts', import.meta.url), this.directory);
    const process = this.processes.start(launch);
    const { port } = (await process.nextMessage(START_MS)) as { port: number };
    return new LoadOrigin(process, port);
  }

  /** Starts a process that sends small requests when it is told to. */
  async startNormalTraffic(): Promise<NormalTraffic> {
    const launch = typescriptLaunch(new URL('normal/main.ts', import.meta.url), this.directory);
    const process = this.processes.start(launch);
    await process.nextMessage(START_MS);
    return new NormalTraffic(process);
  }

  /** Arguments that let a gateway speak TLS, with a certificate made for this run. */
  tlsArguments(): string[] {
    const { certFile, keyFile } = this.certificate();
    return ['--tls-cert', certFile, '--tls-key', keyFile];
  }

  /** A certificate for `load.test`, the same one each time. */
  certificate(): CertificateFiles {
    this.#certificate ??= this.#authority().issue(['DNS:load.test']);
    return this.#certificate;
  }

  /** The certificate of who has issued it. */
  get caFile(): string {
    return this.#authority().caFile;
  }

  startGateway(start: GatewayStart): Promise<GatewayUnderTest> {
    return GatewayUnderTest.start(this.processes, this.directory, start);
  }

  #authority(): TestCa {
    this.#ca ??= new TestCa('Load CA', this.directory);
    return this.#ca;
  }
}
