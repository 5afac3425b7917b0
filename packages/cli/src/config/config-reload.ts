import type { LastReloadReport, ReloadReport } from '@sluice/admin';
import { ConfigError, diffConfigs, formatFinding, watchConfig } from '@sluice/config';
import type { ConfigChange, ConfigEvent, WatchedConfig } from '@sluice/config';
import type { Logger } from '@sluice/core';
import { HttpStatusError } from '@sluice/filters';
import { declarationFromConfig, gatewayConfigDefinition } from '@sluice/gateway/config';
import type { GatewayConfig, LoadedGatewayConfig } from '@sluice/gateway/config';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import { components } from './components.ts';
import { ReloadRefusedError } from './reload-refused-error.ts';
import { ReloadMetrics } from './reload-metrics.ts';
import type { DeclaredGateway } from '../reference/declared-gateway.ts';
import type { PreparedGateway, RunningGateway } from '../reference/running-gateway.ts';

type Config = LoadedGatewayConfig['config'];

/** What only a start looks at. */
const FIXED = /^(?:accessLog|admin)\b/;

/** What a configuration declares, for the program to complete. */
export function declaredBy({ config, registry }: LoadedGatewayConfig): DeclaredGateway['declare'] {
  return (base, tlsOf) => declarationFromConfig(config.value, registry, base, tlsOf);
}

/** What goes over to a configuration. */
export interface ReloadTarget {
  /** Where reloads are counted. */
  readonly metrics: MetricsRegistry;
  reloadCertificates(): void | Promise<unknown>;
  /** Rejects when it can't go over to it; then nothing has changed. */
  apply(loaded: LoadedGatewayConfig): Promise<void>;
}

/** A gateway of this process goes over by itself. */
export function ownTarget(running: RunningGateway): ReloadTarget {
  const { metrics, certificates } = running;
  return {
    metrics,
    reloadCertificates: () => void certificates.reload(),
    apply: async (loaded) => (await prepare(running, loaded)).commit(),
  };
}

/** Gets a gateway ready to go over to a configuration. */
export function prepare(running: RunningGateway, loaded: LoadedGatewayConfig): Promise<PreparedGateway> {
  return running.prepareReload({ declare: declaredBy(loaded), config: loaded.config });
}

/** Goes along with the changes of a configuration file. What is wrong is logged, and what is served stays as it is. */
export class ConfigReload {
  readonly #path: string;
  readonly #target: ReloadTarget;
  readonly #logger: Logger;
  readonly #metrics: ReloadMetrics;
  /** What is served. */
  #current: Config;
  /** What was loaded last; another one than what is served when that could not be applied. */
  #latest: LoadedGatewayConfig;
  #watched: WatchedConfig<GatewayConfig> | undefined = undefined;
  #subscription: { unsubscribe(): void } | undefined = undefined;
  #work: Promise<void> = Promise.resolve();
  #last: LastReloadReport | undefined = undefined;
  #isClosed = false;

  /** Of a file, of which this was loaded. */
  constructor(path: string, loaded: LoadedGatewayConfig, target: ReloadTarget, logger: Logger) {
    this.#path = path;
    this.#target = target;
    this.#logger = logger;
    this.#metrics = new ReloadMetrics(target.metrics);
    this.#current = loaded.config;
    this.#latest = loaded;
  }

  /** What came of the last time; undefined before the first. */
  get last(): LastReloadReport | undefined {
    return this.#last;
  }

  /** Watches the file with all that it includes. */
  async watch(): Promise<void> {
    let { registry } = this.#latest;
    const definition = gatewayConfigDefinition(components, (known) => (registry = known));
    this.#watched = await watchConfig(this.#path, { definition, logger: this.#logger });
    this.#subscription = this.#watched.events$.subscribe((event) => {
      const known = registry;
      this.#work = this.#work.then(() => this.#handle(event, known));
    });
  }

  /**
   * Reads everything now: the file, and the certificates. What could not be applied is tried again. Returns
   * what came of it. Rejects with an HttpStatusError of 409 when it is closed.
   */
  async reload(): Promise<ReloadReport> {
    this.#checkOpen();
    await this.#target.reloadCertificates();
    const before = this.#latest;
    const last = this.#last;
    await this.#watched?.reload();
    await this.#work;
    // Closed meanwhile, the file may not have been looked at.
    this.#checkOpen();
    if (this.#latest === before && before.config !== this.#current) await this.#apply();
    const ended = this.#last;
    // What was refused is still refused, also when it was not touched since.
    const isRefused = ended?.isApplied === false;
    return ended !== undefined && (ended !== last || isRefused)
      ? ended
      : this.#ended(true, ['Nothing has changed.']);
  }

  /** Does so at a signal, whose sender is told by the log alone. */
  async reloadAtSignal(): Promise<void> {
    try {
      await this.reload();
    } catch (cause) {
      if (!(cause instanceof HttpStatusError)) throw cause;
      this.#logger.warn({ why: cause.message }, 'The configuration was not read again.');
    }
  }

  /** From then on nothing is read, and what is served stays as it is. */
  close(): void {
    this.#isClosed = true;
    this.#subscription?.unsubscribe();
  }

  #checkOpen(): void {
    if (this.#isClosed)
      throw new HttpStatusError(409, 'The program is draining: it goes over to nothing else.');
  }

  async #handle(event: ConfigEvent<GatewayConfig>, registry: LoadedGatewayConfig['registry']): Promise<void> {
    if (event.kind === 'refused') {
      this.#refused(event.error);
      return;
    }
    // The first one that is seen is what the program was started with, unless it changed just then.
    const isServed = event.config.equals(this.#current);
    this.#latest = { config: event.config, registry };
    if (isServed) {
      this.#current = event.config;
      this.#metrics.isGood();
      if (this.#last?.isApplied === false) this.#ended(true, ['The file says again what is in use.']);
    } else await this.#apply();
  }

  async #apply(): Promise<void> {
    const { config } = this.#latest;
    const changes = diffConfigs(this.#current, config);
    const lines = [...changes.map(lineOf), ...filesChanged(this.#current, config)];
    for (const warning of config.warnings)
      this.#logger.warn({ finding: formatFinding(warning) }, 'Configuration.');
    try {
      await this.#target.apply(this.#latest);
    } catch (cause) {
      this.#refused(cause);
      return;
    }
    this.#current = config;
    this.#metrics.succeeded();
    this.#ended(true, lines);
    this.#logger.info({ changes: lines }, 'The configuration was reloaded.');
    const fixed = changes.filter(({ path }) => FIXED.test(path)).map(lineOf);
    if (fixed.length > 0) this.#logger.warn({ changes: fixed }, 'These changes count after the next start.');
  }

  #ended(isApplied: boolean, messages: readonly string[]): LastReloadReport {
    return (this.#last = { isApplied, messages, at: new Date().toISOString(), file: this.#path });
  }

  #refused(cause: unknown): void {
    this.#metrics.failed();
    const findings = findingsIn(cause);
    const fields = findings === undefined ? { err: cause } : { findings };
    this.#ended(false, this.#latest.config.hideSecrets(findings ?? [String(cause)]));
    this.#logger.error(fields, 'The configuration was refused; the one before stays in use.');
  }
}

function findingsIn(cause: unknown): readonly string[] | undefined {
  if (cause instanceof ReloadRefusedError) return cause.reasons;
  return cause instanceof ConfigError ? cause.findings.map(formatFinding) : undefined;
}

function filesChanged(before: Config, after: Config): readonly string[] {
  return after.hideSecrets(before.changedFilesIn(after).map((path) => `${path} has other contents`));
}

function lineOf({ kind, path, before = 'nothing', after = 'nothing' }: ConfigChange): string {
  return `${path} ${kind}: ${before} → ${after}`;
}
