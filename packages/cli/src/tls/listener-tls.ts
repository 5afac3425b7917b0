import { SystemClock } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import { CertificateExpiryWatch, CertificateWatcher, ServerSslContext } from '@sluice/handler-tls';
import type { CertificateWatcherOptions, ServerSslOptions } from '@sluice/handler-tls';
import { certificateMetrics } from './certificate-metrics.ts';

/** The TLS of a listener, with what keeps its certificates fresh. */
export class ListenerTls {
  readonly context: ServerSslContext;
  readonly #watcher: CertificateWatcher;
  readonly #expiry: CertificateExpiryWatch;

  /** Throws a TlsConfigError for a file that can't be used. */
  constructor(options: Partial<ServerSslOptions>, metrics: MetricsRegistry, logger: Logger) {
    this.context = new ServerSslContext(options);
    const show = certificateMetrics(metrics, this.context);
    const services = { clock: new SystemClock(), logger };
    this.#expiry = new CertificateExpiryWatch(() => this.context.certificates, services);
    const onReload: CertificateWatcherOptions['onReload'] = (reload) => {
      show(reload);
      this.#expiry.check();
    };
    this.#watcher = new CertificateWatcher(this.context, logger, { onReload });
  }

  /** Reads the certificates now; see {@link CertificateWatcher.reload}. */
  reload(): boolean {
    return this.#watcher.reload();
  }

  close(): void {
    this.#watcher.close();
    this.#expiry.close();
  }
}
