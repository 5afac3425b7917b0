import { HttpServerCodec } from '@sluice/codec-http';
import { SslHandler, SslHandshakeInfoHandler } from '@sluice/handler-tls';
import type { HandlerClass } from '@sluice/inject';
import { expect, it } from 'vitest';
import { checkTlsPlace } from '../src/tls-place.ts';

class OwnSslHandler extends SslHandler {}

it.each<[string, HandlerClass[], boolean, string]>([
  [
    'tls and nobody who speaks it',
    [SslHandshakeInfoHandler, HttpServerCodec],
    true,
    'handlers of :443: the listener has tls, and no SslHandler that speaks it. Add SslHandler to the list, here.\n' +
      '    SslHandshakeInfoHandler\n  → HttpServerCodec',
  ],
  [
    'its SslHandler behind the codec',
    [HttpServerCodec, SslHandler],
    true,
    'handlers of :443: HttpServerCodec must come after SslHandler. Move SslHandler up.\n  → HttpServerCodec\n    SslHandler',
  ],
])('refuses a listener with %s', (_what, list, hasTls, message) => {
  expect(() => checkTlsPlace(list, hasTls, 'handlers of :443')).toThrow(
    expect.objectContaining({ code: 'SLUICE_HANDLER_LIST', message }),
  );
});

it.each<[string, HandlerClass[], boolean]>([
  ['plain text', [HttpServerCodec], false],
  ['TLS', [SslHandler, HttpServerCodec], true],
  ['TLS by a handler of its own kind', [OwnSslHandler, HttpServerCodec], true],
  ['TLS without HTTP', [SslHandler], true],
])('takes a listener with %s', (_what, list, hasTls) => {
  expect(() => checkTlsPlace(list, hasTls)).not.toThrow();
});
