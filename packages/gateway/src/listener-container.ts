import { HttpServerCodecOptions } from '@sluice/codec-http';
import type { ChannelHandler } from '@sluice/core';
import { ServerSslContext } from '@sluice/handler-tls';
import { handlerOptions, injectedOptions } from '@sluice/inject';
import { Container } from 'inversify';
import type { Newable } from 'inversify';
import { carryOver } from './carry-over.ts';
import type { ListenerDeclaration } from './gateway-declaration.ts';

/**
 * What the handlers of a listener are made from: the gateway's container, or a child of it with the
 * listener's own bindings. A sharable handler is one for all listeners, but where a listener binds
 * options of it. `previous` is the container that the same listener had before a reload.
 */
export function listenerContainer(
  parent: Container,
  { modules = [], handlers, tls }: ListenerDeclaration,
  previous?: Container,
): Container {
  if (modules.length === 0 && tls === undefined) return parent;
  const container = new Container({ parent, autobind: true });
  container.load(...modules);
  if (tls !== undefined) bindTls(container, tls);
  const own = (handlers as readonly Newable<ChannelHandler>[]).filter((handler) => {
    const hasOwnOptions = injectedOptions(handler).some((type) => container.isCurrentBound(type));
    return handlerOptions(handler).sharable && hasOwnOptions;
  });
  if (previous !== undefined) carryOver(previous, container, own);
  for (const type of own) {
    if (!container.isCurrentBound(type)) container.bind(type).toSelf().inSingletonScope();
  }
  return container;
}

/** The handler of TLS finds its context, and the codec says which scheme its requests have. */
function bindTls(container: Container, tls: ServerSslContext): void {
  container.bind(ServerSslContext).toConstantValue(tls);
  const options: HttpServerCodecOptions = { ...container.get(HttpServerCodecOptions), scheme: 'https' };
  if (container.isCurrentBound(HttpServerCodecOptions)) container.unbind(HttpServerCodecOptions);
  container.bind(HttpServerCodecOptions).toConstantValue(options);
}
