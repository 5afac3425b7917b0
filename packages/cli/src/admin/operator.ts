import { adminGateway, AdminToken } from '@sluice/admin';
import type { Logger } from '@sluice/core';
import type { Gateway } from '@sluice/gateway';
import type { AdminSettings } from './admin-settings.ts';
import { operated } from './operated.ts';
import type { Operated, OperatedParts } from './operated.ts';

/** The operator's side of a gateway: a listener of its own. */
export class Operator {
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

  /** The listener for a gateway of this process; see {@link listenerFor}. */
  listenerOf(parts: OperatedParts): Gateway {
    return this.listenerFor(operated(parts), parts.logger);
  }

  /** Throws a SluiceError for an address that is not of the loopback interface, unless that is allowed. */
  listenerFor({ source, actions }: Operated, logger: Logger): Gateway {
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
