import {
  adminGateway,
  AdminToken,
  gatewayAdminActions,
  GatewayAdminSource,
  LogLevels,
  PassportHistory,
} from '@sluice/admin';
import type { LevelledLogger } from '@sluice/admin';
import type { Logger } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import type { AdminSettings } from './admin-settings.ts';

/** What an operator may look at and change. */
export interface OperatedParts {
  readonly gateway: Gateway;
  readonly metrics: MetricsRegistry;
  readonly logger: Logger & Partial<LevelledLogger>;
  /** What is declared now, to be shown. */
  readonly config: () => object;
}

/** The operator's side of a gateway: a listener of its own, and what is kept for it. */
export class Operator {
  readonly passports = new PassportHistory();
  readonly #settings: AdminSettings;
  readonly #token: AdminToken | undefined;
  readonly #drain = new AbortController();

  /** Throws a SluiceError for a token that can't be used. */
  constructor(settings: AdminSettings) {
    this.#settings = settings;
    this.#token = readToken(settings);
  }

  /** Aborts when the operator asks for a drain. */
  get drainRequested(): AbortSignal {
    return this.#drain.signal;
  }

  /** Throws a SluiceError for an address that is not of the loopback interface, unless that is allowed. */
  listenerOf({ gateway, metrics, logger, config }: OperatedParts): Gateway {
    const { address, allowRemote, hosts: allowedHosts } = this.#settings;
    const logLevels = isLevelled(logger) ? new LogLevels({ sluice: logger }) : undefined;
    return adminGateway({
      address,
      allowRemote,
      options: { token: this.#token, allowedHosts },
      source: new GatewayAdminSource({
        gateway,
        metrics,
        passports: this.passports,
        config,
        logLevels,
      }),
      actions: gatewayAdminActions({ gateway, logLevels, drain: () => this.#drain.abort() }),
      logger,
    });
  }
}

function readToken({ tokenFile }: AdminSettings): AdminToken | undefined {
  if (tokenFile !== undefined) return AdminToken.fromFile(tokenFile);
  const token = process.env['SLUICE_ADMIN_TOKEN'];
  return token === undefined ? undefined : new AdminToken(token, 'SLUICE_ADMIN_TOKEN');
}

function isLevelled(logger: Logger & Partial<LevelledLogger>): logger is Logger & LevelledLogger {
  return logger.level !== undefined;
}
