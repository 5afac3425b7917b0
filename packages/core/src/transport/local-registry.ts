import { formatAddress } from '../channel/socket-address.ts';
import type { InetSocketAddress, SocketAddress } from '../channel/socket-address.ts';
import { systemError } from './system-error.ts';

// RFC 6335 §6: the ports that are given to clients.
const FIRST_DYNAMIC_PORT = 49_152;
const PORT_COUNT = 65_536 - FIRST_DYNAMIC_PORT;
const CLIENT_HOST = '127.0.0.1';

/** Who listens where in a network in memory, and which port is next. */
export class LocalRegistry<Listener> {
  readonly #listeners = new Map<string, Listener>();
  #ports = 0;

  /** Returns the address with its port, where 0 stands for a free one. Throws EADDRINUSE. */
  listen(address: SocketAddress, listener: Listener): SocketAddress {
    const bound = 'port' in address && address.port === 0 ? this.#free(address.host) : address;
    if (this.#listeners.has(formatAddress(bound))) throw systemError('EADDRINUSE', 'listen', bound);
    this.#listeners.set(formatAddress(bound), listener);
    return bound;
  }

  unlisten(address: SocketAddress): void {
    this.#listeners.delete(formatAddress(address));
  }

  /** Who listens there, also on all addresses of the port. */
  find(address: SocketAddress): Listener | undefined {
    const exact = this.#listeners.get(formatAddress(address));
    if (exact !== undefined || 'path' in address) return exact;
    return this.#listeners.get(`0.0.0.0:${address.port}`) ?? this.#listeners.get(`[::]:${address.port}`);
  }

  /** An address for a client that did not ask for one. */
  clientAddress(): InetSocketAddress {
    return { host: CLIENT_HOST, port: FIRST_DYNAMIC_PORT + (this.#ports++ % PORT_COUNT) };
  }

  #free(host: string): SocketAddress {
    let address: SocketAddress;
    do address = { host, port: this.clientAddress().port };
    while (this.#listeners.has(formatAddress(address)));
    return address;
  }
}
