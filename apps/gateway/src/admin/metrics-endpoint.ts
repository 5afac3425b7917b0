import { Filter, HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, ResponseEndpoint, SessionContext } from '@sluice/filters';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { inject } from 'inversify';

/** Answers `/metrics` with all figures in the text format of Prometheus. */
@Filter({ type: 'endpoint', name: 'metrics' })
export class MetricsEndpoint implements ResponseEndpoint {
  readonly #metrics: MetricsRegistry;

  constructor(@inject(MetricsRegistry) metrics: MetricsRegistry) {
    this.#metrics = metrics;
  }

  async apply(request: HttpRequestMessage, context: SessionContext): Promise<HttpResponseMessage> {
    if (request.path !== '/metrics') throw new HttpStatusError(404, 'There is only /metrics here.');
    return HttpResponseMessage.make(context, {
      status: 200,
      headers: [['content-type', 'text/plain; version=0.0.4; charset=utf-8']],
      body: await this.#metrics.exposition(),
    });
  }
}
