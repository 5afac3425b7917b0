import type { LastReloadReport, ReloadReport } from '@sluice/admin';
import type { ConfigRecord } from '@sluice/config';
import type { Logger } from '@sluice/core';
import type { LoadedGatewayConfig } from '@sluice/gateway/config';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import type { WorkerSupervisor } from '@sluice/workers';
import { ReloadWorkers } from '../workers/reload-workers.ts';
import type { GatewayWorkerRequests } from '../workers/worker-messages.ts';
import { ConfigReload } from './config-reload.ts';
import { loadConfigFile, showFindings } from './load-config-file.ts';

const STARTING: ReloadReport = { isApplied: false, messages: ['The workers are not started yet.'] };

/** The configuration of all workers, which the primary reads for them. */
export class ConfiguredWorkers {
  readonly #path: string;
  readonly #loaded: LoadedGatewayConfig;
  #workers: ReloadWorkers | undefined = undefined;
  #reload: ConfigReload | undefined = undefined;

  private constructor(path: string, loaded: LoadedGatewayConfig) {
    this.#path = path;
    this.#loaded = loaded;
  }

  /** Reads the file. Rejects with a ConfigRefusedError that shows every error; warnings go to standard error. */
  static async load(path: string): Promise<ConfiguredWorkers> {
    const loaded = await loadConfigFile(path);
    const { warnings } = loaded.config;
    if (warnings.length > 0) console.error(showFindings(warnings));
    return new ConfiguredWorkers(path, loaded);
  }

  /** What is in force, for the worker of this number. */
  recordFor(worker: number, supervisor: WorkerSupervisor<GatewayWorkerRequests>): ConfigRecord {
    this.#workers ??= new ReloadWorkers(supervisor, this.#loaded.config.record);
    return this.#workers.give(worker);
  }

  /** Goes along with the changes of the file, once all workers are ready. */
  async watch(
    supervisor: WorkerSupervisor<GatewayWorkerRequests>,
    metrics: MetricsRegistry,
    logger: Logger,
  ): Promise<void> {
    const reload = new ConfigReload(
      this.#path,
      this.#loaded,
      {
        metrics,
        reloadCertificates: () => supervisor.request('reloadCertificates'),
        apply: async ({ config }) => this.#workers?.reload(config.record),
      },
      logger,
    );
    await reload.watch();
    this.#reload = reload;
  }

  /** Reads everything now, and returns what came of it. */
  readonly reload = async (): Promise<ReloadReport> => (await this.#reload?.reload()) ?? STARTING;

  reloadAtSignal(): void {
    void this.#reload?.reloadAtSignal();
  }

  get lastReload(): LastReloadReport | undefined {
    return this.#reload?.last;
  }

  close(): void {
    this.#reload?.close();
  }
}
