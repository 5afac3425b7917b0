import type { Logger } from '@sluice/core';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import type { ServerSslContext, ServerSslOptions } from '@sluice/handler-tls';
import { ListenerTls } from './listener-tls.ts';

/** The TLS of all listeners, each with what keeps its certificates fresh. */
export class Certificates {
  readonly #metrics: MetricsRegistry;
  readonly #logger: Logger;
  readonly #ticketKeys: Buffer | undefined;
  readonly #listeners = new Map<string, ListenerTls>();

  /** `ticketKeys` are those of all workers, so that each takes up sessions of the others; absent: new ones for each context. */
  constructor(metrics: MetricsRegistry, logger: Logger, ticketKeys?: Buffer) {
    this.#ticketKeys = ticketKeys;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** One context for each set of options, so that sessions can be taken up over a reload. Throws a TlsConfigError. */
  contextFor(options: Partial<ServerSslOptions>): ServerSslContext {
    const key = JSON.stringify(options);
    const known =
      this.#listeners.get(key) ?? new ListenerTls(this.#withTicketKeys(options), this.#metrics, this.#logger);
    this.#listeners.set(key, known);
    return known.context;
  }

  #withTicketKeys(options: Partial<ServerSslOptions>): Partial<ServerSslOptions> {
    return { ...options, ticketKeys: options.ticketKeys ?? this.#ticketKeys };
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
    this.keep([]);
  }
}
