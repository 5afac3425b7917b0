import { HttpClientCodec, HttpContent, HttpRequest, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import { IdleStateEvent } from '@sluice/handler-idle-state';
import { CURRENT_PASSPORT, currentPassport, Passport } from '@sluice/passport';
import { expect, it } from 'vitest';
import { PassportStateHttpClientHandler, PassportStateOriginHandler } from '@sluice/handler-passport';

it('records a proxied request in the passport that was put on the origin channel', () => {
  const channel = origin();
  const passport = new Passport(channel.clock);
  channel.attr(CURRENT_PASSPORT).set(passport);
  channel.writeOutbound(
    new HttpRequest({ method: 'GET', target: '/', authority: 'a' }),
    LastHttpContent.EMPTY,
  );
  channel.writeInbound(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));

  expect(passport.items().map(({ state }) => state)).toEqual([
    'OUT_REQ_HEADERS_SENDING',
    'OUT_REQ_LAST_CONTENT_SENDING',
    'OUT_REQ_HEADERS_SENT',
    'OUT_REQ_LAST_CONTENT_SENT',
    'IN_RESP_HEADERS_RECEIVED',
    'IN_RESP_LAST_CONTENT_RECEIVED',
  ]);
  expect(passport.wasProxyAttempt).toBe(true);
});

it('records what could not be sent, and the end of the connection', () => {
  const channel = origin();
  const passport = new Passport(channel.clock);
  channel.attr(CURRENT_PASSPORT).set(passport);
  channel.write(new HttpRequest({ method: 'POST', target: '/', authority: 'a', contentLength: 1 }));
  channel.write(new HttpContent(Buffer.from('a')));
  channel.close();

  expect(passport.items().map(({ state }) => state)).toEqual([
    'OUT_REQ_HEADERS_SENDING',
    'ORIGIN_CH_CLOSE',
    'ORIGIN_CH_INACTIVE',
    'OUT_REQ_HEADERS_ERROR_SENDING',
    'OUT_REQ_CONTENT_ERROR_SENDING',
  ]);
});

it('records the life of a connection', () => {
  const channel = new EmbeddedChannel({ hasDisconnect: true, handlers: [new PassportStateOriginHandler()] });
  channel.pipeline.fireUserEventTriggered(IdleStateEvent.FIRST_ALL_IDLE);
  channel.pipeline.fireExceptionCaught(new Error('reset by peer'));
  channel.disconnect();

  expect(
    currentPassport(channel)
      .items()
      .map(({ state }) => state),
  ).toEqual(['ORIGIN_CH_ACTIVE', 'ORIGIN_CH_IDLE_TIMEOUT', 'ORIGIN_CH_EXCEPTION', 'ORIGIN_CH_DISCONNECT']);
  expect(() => channel.checkException()).toThrow('reset by peer');
});

it('completes the promise of a write after its end was recorded', () => {
  const channel = origin();
  const seen: (string | undefined)[] = [];
  const promise = channel.newPromise();
  promise.addListener(() => seen.push(currentPassport(channel).lastState));
  channel.write(new HttpRequest({ method: 'GET', target: '/', authority: 'a' }));
  channel.writeAndFlush(LastHttpContent.EMPTY, promise);

  expect(seen).toEqual(['OUT_REQ_LAST_CONTENT_SENT']);
});

it('fires the failure of a write whose outcome is not waited for but must be seen', () => {
  const channel = origin();
  channel.write(new HttpRequest({ method: 'GET', target: '/', authority: 'a' }), channel.voidPromise());

  expect(() => channel.finish()).toThrow('The channel is closed.');
});

function origin(): EmbeddedChannel {
  return new EmbeddedChannel(
    new PassportStateOriginHandler(),
    new HttpClientCodec(),
    new PassportStateHttpClientHandler(),
  );
}
