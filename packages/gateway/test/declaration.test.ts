import { HttpServerCodec } from '@sluice/codec-http';
import { handlerList } from '@sluice/core';
import {
  ClientRequestReceiver,
  ClientResponseWriter,
  Filter,
  HttpResponseMessage,
  problemOf,
  ZuulFilterChainHandler,
} from '@sluice/filters';
import type { HttpRequestMessage, ResponseEndpoint, SessionContext } from '@sluice/filters';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { LEAST_HANDLERS, testGateway, unreachableOrigin } from '@sluice/testing';
import { expect, it, onTestFinished } from 'vitest';

@Filter({ type: 'endpoint' })
class PlainErrors implements ResponseEndpoint {
  apply(_request: HttpRequestMessage, context: SessionContext): HttpResponseMessage {
    const { status, detail } = problemOf(context.error);
    return HttpResponseMessage.make(context, { status, body: `sorry: ${detail}` });
  }
}

it('lets an endpoint of its own answer requests that have failed', async () => {
  const gateway = await testGateway({
    origins: { api: unreachableOrigin },
    routes: [{ path: { exact: '/api' }, origin: 'api' }],
    errorEndpoint: PlainErrors,
  });
  onTestFinished(() => gateway.stop());

  const [failed, unknown] = [await gateway.request({ target: '/api' }), await gateway.request()];
  expect([failed.status, failed.text]).toEqual([502, expect.stringMatching(/^sorry: /)]);
  expect([unknown.status, unknown.text]).toEqual([404, expect.stringMatching(/^sorry: /)]);
});

it('warns of a listener that no drain can end gently', async () => {
  const hasty = handlerList(
    HttpServerCodec,
    HttpServerLifecycleChannelHandler,
    ClientRequestReceiver,
    ZuulFilterChainHandler,
    ClientResponseWriter,
  );
  const gateways = [await testGateway({ handlers: hasty }), await testGateway({ handlers: LEAST_HANDLERS })];
  onTestFinished(async () => void (await Promise.all(gateways.map((gateway) => gateway.stop()))));

  expect(gateways.map(({ log }) => log.at('warn'))).toEqual([
    [
      expect.stringMatching(
        /^Http1ConnectionCloseHandler is not in the list of this listener: a drain waits/,
      ),
    ],
    [],
  ]);
});
