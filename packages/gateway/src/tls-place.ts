import { HttpServerCodec } from '@sluice/codec-http';
import { SslHandler } from '@sluice/handler-tls';
import { HandlerListError } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';

/**
 * Throws a HandlerListError for a list whose TLS would not be where the bytes are: a listener has
 * `tls` and no SslHandler, or has it behind the codec.
 */
export function checkTlsPlace(list: readonly HandlerClass[], hasTls: boolean, listName?: string): void {
  const ssl = list.findIndex((handler) => handler === SslHandler || handler.prototype instanceof SslHandler);
  const codec = list.indexOf(HttpServerCodec);
  if (ssl < 0 && hasTls) {
    const what = 'the listener has tls, and no SslHandler that speaks it. Add SslHandler to the list, here.';
    throw new HandlerListError(what, list, Math.max(codec, 0), listName);
  }
  if (codec >= 0 && codec < ssl) {
    throw new HandlerListError(
      'HttpServerCodec must come after SslHandler. Move SslHandler up.',
      list,
      codec,
      listName,
    );
  }
}
