import type { MetricsRegistry } from '@sluice/handler-metrics';
import type { CertificateReload, ServerSslContext } from '@sluice/handler-tls';

const MAX_CERTIFICATES = 256;
const MS = 1000;

/** Shows when the certificates of a listener expire; returns what counts a reload and shows them anew. */
export function certificateMetrics(
  metrics: MetricsRegistry,
  context: ServerSslContext,
): (reload: CertificateReload) => void {
  const expiry = metrics.gauge({
    name: 'server.ssl.certificate.not.after.seconds',
    help: 'When a certificate in use expires, in seconds since 1970.',
    labels: { certificate: MAX_CERTIFICATES },
    merge: 'min',
  });
  const reloads = metrics.counter({
    name: 'server.ssl.certificate.reload',
    help: 'Times that changed certificates were read again.',
    labels: { success: ['true', 'false'] },
  });
  // Both are there from the start, so that an alarm on the second has something to look at.
  const [succeeded, failed] = [reloads.labels('true'), reloads.labels('false')];
  const show = (): void => {
    for (const { source, notAfter } of context.certificates)
      expiry.labels(source).set(notAfter.getTime() / MS);
  };
  show();
  return ({ error }) => {
    (error === undefined ? succeeded : failed).inc();
    show();
  };
}
