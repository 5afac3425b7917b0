import { HttpServerCodecOptions } from '@sluice/codec-http';
import { ServerSslContext } from '@sluice/handler-tls';
import { handlerOptions, injectedOptions } from '@sluice/inject';
import { Container } from 'inversify';
import type { Newable } from 'inversify';
import type { ListenerDeclaration } from './gateway-declaration.ts';

/**
 * What the handlers of a listener are made from: the gateway's container, or a child of it with the
 * listener's own bindings. A sharable handler is one for all listeners, but where a listener binds
 * options of it.
 */
export function listenerContainer(
  parent: Container,
  { modules = [], handlers, tls }: ListenerDeclaration,
): Container {
  if (modules.length === 0 && tls === undefined) return parent;
  const container = new Container({ parent, autobind: true });
  container.load(...modules);
  if (tls !== undefined) bindTls(container, tls);
  for (const handler of handlers) {
    const type = handler as Newable<object>;
    const hasOwnOptions = injectedOptions(type).some((options) => container.isCurrentBound(options));
    if (!handlerOptions(handler).sharable || !hasOwnOptions || container.isCurrentBound(type)) continue;
    container.bind(type).toSelf().inSingletonScope();
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
