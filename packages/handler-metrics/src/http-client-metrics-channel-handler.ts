import { HttpClientCodec } from '@sluice/codec-http';
import { AttributeKey } from '@sluice/core';
import type { Channel } from '@sluice/core';
import type { CompleteEvent } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { HttpMetricsChannelHandler } from './http-metrics-channel-handler.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { MetricsRegistry } from './metrics-registry.ts';

/** On a channel to an origin: the origin's name in metrics. Absent: counted as `origin`. */
export const ORIGIN_NAME = AttributeKey.newInstance<string>('_origin_name');

/** Counts the requests that are sent to origins, as HttpMetricsChannelHandler does those of clients. */
@Handler({ name: 'http-client-metrics', sharable: true, requires: [HttpClientCodec] })
export class HttpClientMetricsChannelHandler extends HttpMetricsChannelHandler {
  protected override readonly side = 'client';

  constructor(@inject(MetricsRegistry) registry: MetricsRegistry) {
    super(registry);
  }

  protected override idOf(channel: Channel): string {
    return channel.attr(ORIGIN_NAME).get() ?? 'origin';
  }

  protected override observeSizes(
    metrics: HttpMetrics,
    _event: CompleteEvent,
    readBytes: number,
    writtenBytes: number,
  ): void {
    metrics.requestSize.observe(writtenBytes);
    metrics.responseSize.observe(readBytes);
  }
}
