import type { SocketAddress } from '@sluice/core';
import { ClientSslContext } from '@sluice/handler-tls';
import type { ClientSslOptions, SslContext } from '@sluice/handler-tls';

/** Makes the TLS side of each server of an origin. */
export type ServerTls = (address: SocketAddress) => SslContext;

/** Reads the files of `options`. Throws a TlsConfigError for one that can't be used, before there is any server. */
export function serverTls(options: Partial<ClientSslOptions>): ServerTls {
  const contextOf = (host: string): SslContext => new ClientSslContext(host, options);
  contextOf('localhost');
  return (address) => contextOf('path' in address ? 'localhost' : address.host);
}
