import {
  adminGateway,
  AdminToken,
  gatewayAdminActions,
  GatewayAdminSource,
  LogLevels,
  PassportHistory,
} from '@sluice/admin';
import type { AdminActions, AdminSource, LevelledLogger } from '@sluice/admin';
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
  readonly #reload: AdminActions['reload'];

  /** `reload`: reads the configuration again, where there is one to read. Throws a SluiceError for a token that can't be used. */
  constructor(settings: AdminSettings, reload?: AdminActions['reload']) {
    this.#settings = settings;
    this.#reload = reload;
    this.#token = readToken(settings);
  }

  /** Aborts when the operator asks for a drain. */
  get drainRequested(): AbortSignal {
    return this.#drain.signal;
  }

  /** Shows and changes a gateway of this process. Throws as {@link listenerFor} does. */
  listenerOf({ gateway, metrics, logger, config }: OperatedParts): Gateway {
    const logLevels = isLevelled(logger) ? new LogLevels({ sluice: logger }) : undefined;
    const { passports } = this;
    const source = new GatewayAdminSource({ gateway, metrics, passports, config, logLevels });
    const actions = gatewayAdminActions({
      gateway,
      logLevels,
      ...(this.#reload && { reload: this.#reload }),
    });
    return this.listenerFor(source, actions, logger);
  }

  /** Throws a SluiceError for an address that is not of the loopback interface, unless that is allowed. */
  listenerFor(source: AdminSource, actions: AdminActions, logger: Logger): Gateway {
    const { address, allowRemote, hosts: allowedHosts } = this.#settings;
    return adminGateway({
      address,
      allowRemote,
      options: { token: this.#token, allowedHosts },
      source,
      actions: { ...actions, drain: () => this.#drain.abort() },
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
