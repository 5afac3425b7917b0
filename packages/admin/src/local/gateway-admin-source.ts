import type { FilterEntry } from '@sluice/filters';
import type { Gateway } from '@sluice/gateway';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import type { PassportHistory } from '../passports/passport-history.ts';
import { selectPassports } from '../passports/passport-report.ts';
import type { AdminSource } from '../seam/admin-source.ts';
import type { PassportQuery } from '../seam/passport-query.ts';
import type {
  FilterReport,
  LastReloadReport,
  ListenersReport,
  LoggingReport,
  OriginReport,
  PassportReport,
  StatusReport,
} from '../seam/reports.ts';
import { maskSecrets } from '../text/mask-secrets.ts';
import { handlerReport, listenerReport } from './listener-report.ts';
import type { LogLevels } from './log-levels.ts';
import { originReport } from './origin-report.ts';

/** What a program has that can be looked at. */
export interface GatewayAdminParts {
  readonly gateway: Gateway;
  readonly metrics: MetricsRegistry;
  /** Default: no passport is shown. */
  readonly passports?: PassportHistory | undefined;
  /** The configuration in force, without what it knows as secrets; what looks like one is masked here. Default: none is shown. */
  readonly config?: (() => unknown) | undefined;
  /** Replaces what the configuration knows as a secret in what was made of it. Default: nothing is known. */
  readonly hideSecrets?: (<Shown>(shown: Shown) => Shown) | undefined;
  /** Default: there is none to be read again. */
  readonly lastReload?: (() => LastReloadReport | undefined) | undefined;
  /** Default: none are shown. */
  readonly logLevels?: LogLevels | undefined;
}

/** Shows one gateway of this process. */
export class GatewayAdminSource implements AdminSource {
  readonly #parts: GatewayAdminParts;

  constructor(parts: GatewayAdminParts) {
    this.#parts = parts;
  }

  status(): StatusReport {
    const { gateway, lastReload } = this.#parts;
    const { state, isReady } = gateway;
    const uptimeMs = Math.round(process.uptime() * 1000);
    return { state, isReady, pid: process.pid, uptimeMs, lastReload: lastReload?.() };
  }

  metrics(): Promise<string> {
    return exposition(this.#parts.metrics);
  }

  origins(): readonly OriginReport[] {
    return this.#hidden(this.#parts.gateway.origins.map(originReport));
  }

  listeners(): ListenersReport {
    const { listeners, originHandlers } = this.#parts.gateway;
    return this.#hidden({
      listeners: listeners.map(listenerReport),
      originHandlers: originHandlers.map(handlerReport),
    });
  }

  filters(): readonly FilterReport[] {
    return this.#parts.gateway.filters.current.entries.map(filterReport);
  }

  config(): unknown {
    return maskSecrets(this.#parts.config?.());
  }

  logging(): LoggingReport {
    return this.#parts.logLevels?.report() ?? { loggers: {} };
  }

  passports(query: PassportQuery): readonly PassportReport[] {
    const { passports, gateway } = this.#parts;
    if (passports === undefined) return [];
    const records = query.order === 'slowest' ? passports.slowest(gateway.clock.now()) : passports.recent();
    return selectPassports(records, query);
  }

  #hidden<Shown>(shown: Shown): Shown {
    return this.#parts.hideSecrets?.(shown) ?? shown;
  }
}

export function filterReport({ name, kind, isSwitchedOff }: FilterEntry<unknown>): FilterReport {
  return { name, kind, isEnabled: !isSwitchedOff };
}
