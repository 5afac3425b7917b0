import type { Clock, Logger, Timer } from '@sluice/core';
import { withDefaults } from '@sluice/inject';
import type { Certificate } from './certificate.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Options of {@link CertificateExpiryWatch}. */
export class CertificateExpiryOptions {
  /** How long before its end a certificate is told of, in ms. Default: 14 days. */
  readonly warnBeforeMs: number = 14 * DAY_MS;
  /** How often to look, in ms. Default: an hour. */
  readonly intervalMs: number = HOUR_MS;
}

/** What the watch works with. */
export interface CertificateExpiryServices {
  readonly clock: Clock;
  readonly logger: Logger;
}

type State = 'good' | 'ending' | 'expired';

/**
 * Logs each certificate of a listener that is about to expire, and each that has: once in each state. An
 * expired one is still shown, since nobody is served without; clients will refuse it.
 */
export class CertificateExpiryWatch {
  readonly #certificates: () => readonly Certificate[];
  readonly #services: CertificateExpiryServices;
  readonly #options: CertificateExpiryOptions;
  readonly #timer: Timer;
  #told = new Map<string, State>();

  /** `certificates` gives those in use. Looks at once, and goes on until {@link close}. */
  constructor(
    certificates: () => readonly Certificate[],
    services: CertificateExpiryServices,
    options: Partial<CertificateExpiryOptions> = {},
  ) {
    this.#certificates = certificates;
    this.#services = services;
    this.#options = withDefaults(CertificateExpiryOptions, options);
    this.#timer = services.clock.schedule(this.#options.intervalMs, () => {
      this.check();
      this.#timer.refresh();
    });
    this.check();
  }

  /** Looks now, as when there are new certificates. */
  check(): void {
    const told = new Map<string, State>();
    for (const certificate of this.#certificates()) {
      const key = `${certificate.source} ${certificate.x509.fingerprint256}`;
      const state = this.#stateOf(certificate);
      told.set(key, state);
      if (this.#told.get(key) !== state) this.#tell(certificate, state);
    }
    this.#told = told;
  }

  close(): void {
    this.#timer.cancel();
  }

  #stateOf({ notAfter }: Certificate): State {
    const leftMs = notAfter.getTime() - this.#services.clock.epochMs();
    if (leftMs <= 0) return 'expired';
    return leftMs <= this.#options.warnBeforeMs ? 'ending' : 'good';
  }

  #tell({ source, notAfter }: Certificate, state: State): void {
    const { logger } = this.#services;
    const fields = { certificate: source, notAfter: notAfter.toISOString() };
    if (state === 'expired') logger.error(fields, 'A certificate has expired: clients will refuse it.');
    else if (state === 'ending') logger.warn(fields, 'A certificate expires soon.');
  }
}
