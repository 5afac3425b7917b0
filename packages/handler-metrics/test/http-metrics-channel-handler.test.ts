import {
  HttpClientCodec,
  HttpContent,
  HttpRequest,
  HttpResponse,
  HttpServerCodec,
  LastHttpContent,
} from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import {
  CompleteEvent,
  HttpClientLifecycleChannelHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import type { HttpServerLifecycleOptions } from '@sluice/handler-http';
import { expect, it } from 'vitest';
import {
  HttpClientMetricsChannelHandler,
  HttpMetricsChannelHandler,
  MetricsRegistry,
  ORIGIN_NAME,
} from '@sluice/handler-metrics';
import { samplesOf } from './samples.ts';

it('counts a request from its head to the end of its response', async () => {
  const { channel, registry } = server();
  receive(channel, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel');
  expect(await samplesOf(registry, 'server_http_requests_current')).toEqual({
    'server_http_requests_current{id="http-8080"}': 1,
  });

  receive(channel, 'lo');
  channel.clock.advance(250);
  channel.writeOutbound(
    new HttpResponse({ status: 404, contentLength: 200 }),
    new HttpContent(Buffer.alloc(200)),
    LastHttpContent.EMPTY,
  );
  expect(await samplesOf(registry, 'server_http_request')).toMatchObject({
    'server_http_requests_current{id="http-8080"}': 0,
    'server_http_requests_completed_total{id="http-8080",reason="SESSION_COMPLETE"}': 1,
    'server_http_request_duration_seconds_bucket{le="0.1",id="http-8080",status="4xx"}': 0,
    'server_http_request_duration_seconds_bucket{le="0.25",id="http-8080",status="4xx"}': 1,
    'server_http_request_duration_seconds_sum{id="http-8080",status="4xx"}': 0.25,
    'server_http_request_size_bytes_sum{id="http-8080"}': 5,
  });
  expect(await samplesOf(registry, 'server_http_response_size_bytes_s')).toEqual({
    'server_http_response_size_bytes_sum{id="http-8080"}': 200,
  });
});

it.each([
  ['HEAD', 200],
  ['GET', 204],
  ['GET', 304],
])('counts nothing of a body that is not sent, to %s with %i', async (method, status) => {
  const { channel, registry } = server();
  receive(channel, `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`);
  channel.writeOutbound(
    new HttpResponse({ status, contentLength: 5 }),
    new LastHttpContent(Buffer.from('hello')),
  );

  expect(await samplesOf(registry, 'server_http_response_size_bytes_s')).toEqual({
    'server_http_response_size_bytes_sum{id="http-8080"}': 0,
  });
});

it('counts a request without an answer when the connection ends', async () => {
  const { channel, registry } = server();
  receive(channel, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  channel.close();

  expect(await samplesOf(registry, 'server_http_requests')).toMatchObject({
    'server_http_requests_current{id="http-8080"}': 0,
    'server_http_requests_completed_total{id="http-8080",reason="CLOSE"}': 1,
  });
  expect(await samplesOf(registry, 'server_http_request_duration_seconds_count')).toMatchObject({
    'server_http_request_duration_seconds_count{id="http-8080",status="none"}': 1,
  });
});

it('counts a refused pipelined request as dropped, and takes it off the gauge', async () => {
  const { channel, registry } = server({ pipelining: 'reject' });
  receive(channel, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));
  channel.writeOutbound(new HttpResponse({ status: 204, framing: 'none' }), LastHttpContent.EMPTY);

  expect(await samplesOf(registry, 'server_http_requests')).toMatchObject({
    'server_http_requests_current{id="http-8080"}': 0,
    'server_http_requests_pipelining_dropped_total{id="http-8080"}': 1,
    'server_http_requests_completed_total{id="http-8080",reason="SESSION_COMPLETE"}': 1,
    'server_http_requests_completed_total{id="http-8080",reason="PIPELINE_REJECT"}': 1,
  });
});

it('lets a CompleteEvent pass whose request it has not seen start', async () => {
  const { channel, registry } = server();
  const request = new HttpRequest({ method: 'GET', target: '/', authority: 'a' });
  receive(channel, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  channel.pipeline.fireUserEventTriggered(new CompleteEvent('CLOSE', request, undefined, true));

  expect(await samplesOf(registry, 'server_http_requests_current')).toEqual({
    'server_http_requests_current{id="http-8080"}': 1,
  });
});

it('counts the requests to an origin under its name', async () => {
  const registry = new MetricsRegistry();
  const channel = new EmbeddedChannel(
    new HttpClientCodec(),
    new HttpClientMetricsChannelHandler(registry),
    new HttpClientLifecycleChannelHandler(),
  );
  channel.attr(ORIGIN_NAME).set('shop');
  const request = new HttpRequest({ method: 'POST', target: '/', authority: 'a', contentLength: 3 });
  channel.writeOutbound(request, new LastHttpContent(Buffer.from('abc')));
  channel.writeInbound(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));

  expect(await samplesOf(registry, 'client_http')).toMatchObject({
    'client_http_requests_current{id="shop"}': 0,
    'client_http_requests_completed_total{id="shop",reason="SESSION_COMPLETE"}': 1,
    'client_http_request_duration_seconds_count{id="shop",status="2xx"}': 1,
    'client_http_request_size_bytes_sum{id="shop"}': 3,
    'client_http_response_size_bytes_sum{id="shop"}': 2,
  });
});

function server(options?: Partial<HttpServerLifecycleOptions>): {
  channel: EmbeddedChannel;
  registry: MetricsRegistry;
} {
  const registry = new MetricsRegistry();
  const channel = new EmbeddedChannel({
    localAddress: { host: '127.0.0.1', port: 8080 },
    handlers: [
      new HttpServerCodec(),
      new HttpServerLifecycleChannelHandler(options),
      new HttpMetricsChannelHandler(registry),
    ],
  });
  return { channel, registry };
}

function receive(channel: EmbeddedChannel, text: string): void {
  channel.writeInbound(Buffer.from(text));
}
