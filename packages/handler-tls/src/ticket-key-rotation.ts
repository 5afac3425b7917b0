import type { Clock, Timer } from '@sluice/core';
import { withDefaults } from '@sluice/inject';
import { newTicketKeys } from './ticket-keys.ts';

/** Options of {@link TicketKeyRotation}. */
export class TicketKeyRotationOptions {
  /** How long keys are in use, in ms. Default: 12 hours. */
  readonly intervalMs: number = 12 * 3_600_000;
}

/**
 * Makes new keys for the tickets of sessions from time to time. Who gets hold of a key can read what was recorded of
 * TLS 1.2 sessions whose tickets it encrypts, so none should be there for long (RFC 5077 §5.5).
 */
export class TicketKeyRotation {
  readonly #timer: Timer;

  /** Hands new keys to `apply` after each interval, until {@link close}. */
  constructor(
    apply: (ticketKeys: Buffer) => void,
    clock: Clock,
    options: Partial<TicketKeyRotationOptions> = {},
  ) {
    const { intervalMs } = withDefaults(TicketKeyRotationOptions, options);
    this.#timer = clock.schedule(intervalMs, () => {
      apply(newTicketKeys());
      this.#timer.refresh();
    });
  }

  close(): void {
    this.#timer.cancel();
  }
}
