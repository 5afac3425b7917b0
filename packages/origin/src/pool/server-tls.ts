import { isSameData } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import { ClientSslContext, readClientFiles } from '@sluice/handler-tls';
import type { ClientSslOptions, SslContext } from '@sluice/handler-tls';

/**
 * The TLS side of the servers of an origin, those that come later too: all have what the files of the options held when
 * this was made.
 */
export class ServerTls {
  readonly #options: Partial<ClientSslOptions>;

  /** Throws a TlsConfigError for a file that can't be used, before there is any server. */
  constructor(options: Partial<ClientSslOptions>) {
    this.#options = readClientFiles(options);
    this.#contextOf('localhost');
  }

  contextFor(address: SocketAddress): SslContext {
    return this.#contextOf('path' in address ? 'localhost' : address.host);
  }

  /** Whether these options come to the same, with what their files hold now. Throws a TlsConfigError. */
  isDeclaredBy(options: Partial<ClientSslOptions>): boolean {
    return isSameData(this.#options, readClientFiles(options));
  }

  #contextOf(host: string): SslContext {
    return new ClientSslContext(host, this.#options);
  }
}
