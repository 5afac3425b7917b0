import { HttpClientCodec, HttpServerCodec } from '@sluice/codec-http';
import {
  Http1ConnectionCloseHandler,
  Http1ConnectionExpiryHandler,
  HttpBodySizeRecordingChannelHandler,
  HttpClientLifecycleChannelHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpRequestReadTimeoutHandler,
  HttpServerLifecycleChannelHandler,
  LoggingHandler,
  ServerStatusHeaderHandler,
  StripUntrustedProxyHeadersHandler,
} from '@sluice/handler-http';
import { checkHandlerList, PipelineAssembler } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { Container } from 'inversify';
import { describe, expect, it } from 'vitest';

const SERVER: readonly HandlerClass[] = [
  HttpServerCodec,
  Http1ConnectionCloseHandler,
  Http1ConnectionExpiryHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestReadTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpServerLifecycleChannelHandler,
  HttpBodySizeRecordingChannelHandler,
  ServerStatusHeaderHandler,
  StripUntrustedProxyHeadersHandler,
  LoggingHandler,
];

describe('The HTTP handlers in a declared list', () => {
  it('are made by the container with their default options, in the order of the wire', () => {
    const { names } = new PipelineAssembler(new Container({ autobind: true }), SERVER);

    expect(names.slice(1)).toEqual([
      'http1-connection-close',
      'http1-connection-expiry',
      'http-headers-timeout',
      'http-request-read-timeout',
      'http-request-deadline',
      'http-server-lifecycle',
      'http-body-size-recording',
      'server-status-header',
      'strip-untrusted-proxy-headers',
      'logging',
    ]);
  });

  it.each(SERVER.slice(1, -1))('%o needs the codec before it', (handler) => {
    expect(() => checkHandlerList([handler])).toThrow(handler.name);
  });

  it('need the codec of their side', () => {
    expect(() => checkHandlerList([HttpServerCodec, HttpClientLifecycleChannelHandler])).toThrow(
      'HttpClientCodec',
    );
    expect(() => checkHandlerList([HttpClientCodec, HttpClientLifecycleChannelHandler])).not.toThrow();
  });

  it('time a head before the lifecycle holds its request', () => {
    expect(() =>
      checkHandlerList([HttpServerCodec, HttpServerLifecycleChannelHandler, HttpHeadersTimeoutHandler]),
    ).toThrow('HttpHeadersTimeoutHandler must come before');
  });
});
