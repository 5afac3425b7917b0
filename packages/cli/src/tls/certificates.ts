import { SystemClock } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import { newTicketKeys, TicketKeyRotation } from '@sluice/handler-tls';
import type { ServerSslContext, ServerSslOptions } from '@sluice/handler-tls';
import { ListenerTls } from './listener-tls.ts';

/** The TLS of all listeners, each with what keeps its certificates fresh. */
export class Certificates {
  readonly #metrics: MetricsRegistry;
  readonly #logger: Logger;
  readonly #listeners = new Map<string, ListenerTls>();
  readonly #rotation: TicketKeyRotation | undefined;
  #ticketKeys: Buffer;

  /**
   * `ticketKeys` are those of all workers, so that each takes up sessions of the others, and who gave them
   * {@link setTicketKeys sets} others in time; absent: own ones, which change by themselves.
   */
  constructor(metrics: MetricsRegistry, logger: Logger, ticketKeys?: Buffer) {
    this.#metrics = metrics;
    this.#logger = logger;
    this.#ticketKeys = ticketKeys ?? newTicketKeys();
    this.#rotation =
      ticketKeys === undefined
        ? new TicketKeyRotation((keys) => this.setTicketKeys(keys), new SystemClock())
        : undefined;
  }

  /** One context for each set of options, so that sessions can be taken up over a reload. Throws a TlsConfigError. */
  contextFor(options: Partial<ServerSslOptions>): ServerSslContext {
    const key = JSON.stringify(options);
    const known =
      this.#listeners.get(key) ??
      new ListenerTls({ ...options, ticketKeys: this.#ticketKeys }, this.#metrics, this.#logger);
    this.#listeners.set(key, known);
    return known.context;
  }

  /** Takes other keys for the tickets of all listeners. */
  setTicketKeys(ticketKeys: Buffer): void {
    this.#ticketKeys = ticketKeys;
    for (const { context } of this.#listeners.values()) context.setTicketKeys(ticketKeys);
  }

  /** Gives up what is none of these: its certificates are not looked at any more. */
  keep(contexts: readonly (ServerSslContext | undefined)[]): void {
    for (const [key, listener] of this.#listeners) {
      if (contexts.includes(listener.context)) continue;
      listener.close();
      this.#listeners.delete(key);
    }
  }

  /** Reads all certificates now. Returns whether any of them has changed. */
  reload(): boolean {
    return [...this.#listeners.values()].map((listener) => listener.reload()).includes(true);
  }

  close(): void {
    this.#rotation?.close();
    this.keep([]);
  }
}
