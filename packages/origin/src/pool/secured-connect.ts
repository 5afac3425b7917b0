import { ConnectTimeoutError } from '@sluice/core';
import type { ChannelFuture } from '@sluice/core';
import { SSL_HANDSHAKE_INFO, SslHandler } from '@sluice/handler-tls';

/** The future of a connection whose handshake is complete as well, within `timeoutMs` from now for both. */
export function secured(connecting: ChannelFuture, serverName: string, timeoutMs: number): ChannelFuture {
  const { channel } = connecting;
  const promise = channel.newPromise();
  const fail = (cause: unknown): void => {
    if (promise.tryFailure(cause)) channel.close();
  };
  const timer = channel.eventLoop.schedule(timeoutMs, () =>
    fail(new ConnectTimeoutError(timeoutMs, serverName)),
  );
  promise.addListener(() => timer.cancel());
  connecting.addListener(({ isSuccess, cause }) => {
    if (!isSuccess) {
      fail(cause);
      return;
    }
    const handler = channel.pipeline.get(SslHandler);
    handler?.handshakeFuture?.addListener((handshake) => {
      if (!handshake.isSuccess) {
        fail(handshake.cause);
        return;
      }
      channel.attr(SSL_HANDSHAKE_INFO).set(handler.handshakeInfo());
      promise.trySuccess();
    });
  });
  return promise;
}
