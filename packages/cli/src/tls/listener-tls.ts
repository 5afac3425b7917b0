import type { Logger } from '@sluice/core';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import { CertificateWatcher, ServerSslContext } from '@sluice/handler-tls';
import type { ServerSslOptions } from '@sluice/handler-tls';
import { certificateMetrics } from './certificate-metrics.ts';

/** The TLS of a listener, with what keeps its certificates fresh. */
export class ListenerTls {
  readonly context: ServerSslContext;
  readonly #watcher: CertificateWatcher;

  /** Throws a TlsConfigError for a file that can't be used. */
  constructor(options: Partial<ServerSslOptions>, metrics: MetricsRegistry, logger: Logger) {
    this.context = new ServerSslContext(options);
    const onReload = certificateMetrics(metrics, this.context);
    this.#watcher = new CertificateWatcher(this.context, logger, { onReload });
  }

  /** Reads the certificates now; see {@link CertificateWatcher.reload}. */
  reload(): boolean {
    return this.#watcher.reload();
  }

  close(): void {
    this.#watcher.close();
  }
}
