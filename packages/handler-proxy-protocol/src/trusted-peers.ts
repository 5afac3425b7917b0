import type { SocketAddress } from '@sluice/core';
import { inetAddress, isNetwork, Networks } from '@sluice/handler-connection';

/**
 * The networks whose word about a client is believed.
 *
 * Takes networks in CIDR form, single addresses, and `unix` for peers on a Unix socket. An
 * IPv4-mapped IPv6 address is the IPv4 address, in the list and in a peer.
 */
export class TrustedPeers {
  /** Trusts nobody. */
  static readonly NONE = new TrustedPeers([]);

  readonly #networks: Networks;
  readonly #unix: boolean;

  /** Throws a TypeError that names the first entry that is not a network. */
  constructor(networks: readonly string[]) {
    const addressed = networks.filter((network) => network !== 'unix');
    for (const network of addressed) if (!isNetwork(network)) throw notANetwork(network);
    this.#unix = networks.length > addressed.length;
    this.#networks = new Networks(addressed);
  }

  trusts(peer: SocketAddress | undefined): boolean {
    if (peer === undefined || 'path' in peer) return this.#unix;
    const inet = inetAddress(peer);
    return inet !== undefined && this.#networks.has(inet.host);
  }
}

function notANetwork(network: string): TypeError {
  return new TypeError(
    `trusted peer ${JSON.stringify(network)}: expected an IP address, a network such as 10.0.0.0/8, or unix`,
  );
}
