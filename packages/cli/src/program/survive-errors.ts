import type { Logger } from '@sluice/core';
import type { MetricsRegistry } from '@sluice/handler-metrics';

const ORIGINS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Keeps the program running when an error reaches nobody: the gateway's own code is called within guards, so
 * that it is one of a callback or promise that a handler or filter left to itself. It is logged and counted.
 */
export function surviveErrors(metrics: MetricsRegistry, logger: Logger): void {
  const counter = metrics.counter({
    name: 'process.unhandled.errors',
    help: 'Errors of callbacks and promises that nobody handled; the program went on.',
    labels: { origin: ORIGINS },
  });
  process.on('uncaughtException', (err, origin) => {
    counter.labels(origin).inc();
    try {
      logger.error({ err, origin }, 'An error that nobody handled, of a callback or promise; going on.');
    } catch {
      // A log that can't be written is no reason to end.
    }
  });
}
