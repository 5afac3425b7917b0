import { HttpClientCodec, HttpServerCodec } from '@sluice/codec-http';
import { PipelineAssembler } from '@sluice/inject';
import { Container } from 'inversify';
import { expect, it } from 'vitest';
import {
  HttpClientMetricsChannelHandler,
  HttpMetricsChannelHandler,
  MetricsRegistry,
  PerEventLoopMetricsChannelHandler,
  ServerChannelMetrics,
} from '@sluice/handler-metrics';

it('can be declared in handler lists, under the names of the handlers', () => {
  const container = new Container({ autobind: true });
  container.bind(MetricsRegistry).toConstantValue(new MetricsRegistry());
  const server = [
    ServerChannelMetrics,
    PerEventLoopMetricsChannelHandler,
    HttpServerCodec,
    HttpMetricsChannelHandler,
  ];
  const client = [HttpClientCodec, HttpClientMetricsChannelHandler];
  const names = [server, client].flatMap((list) => new PipelineAssembler(container, list).names);

  expect(names.filter((name) => name.includes('metrics'))).toEqual([
    'server-channel-metrics',
    'per-event-loop-metrics',
    'http-metrics',
    'http-client-metrics',
  ]);
});
