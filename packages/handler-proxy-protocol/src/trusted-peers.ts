import { BlockList, isIP, isIPv4 } from 'node:net';
import type { SocketAddress } from '@sluice/core';
import { inetAddress } from '@sluice/handler-connection';
import { canonicalIPv6, isPlainIPv6 } from './proxy-address.ts';

const MAPPED_PREFIX = '::ffff:';
const MAPPED_BITS = 96;

/**
 * The networks whose word about a client is believed.
 *
 * Takes networks in CIDR form, single addresses, and `unix` for peers on a Unix socket. An
 * IPv4-mapped IPv6 address is the IPv4 address, in the list and in a peer.
 */
export class TrustedPeers {
  /** Trusts nobody. */
  static readonly NONE = new TrustedPeers([]);

  readonly #networks = new BlockList();
  readonly #unix: boolean;

  /** Throws a TypeError that names the first entry that is not a network. */
  constructor(networks: readonly string[]) {
    this.#unix = networks.includes('unix');
    for (const network of networks) if (network !== 'unix') this.#add(network);
  }

  trusts(peer: SocketAddress | undefined): boolean {
    if (peer === undefined || 'path' in peer) return this.#unix;
    const inet = inetAddress(peer);
    return inet !== undefined && this.#networks.check(inet.host, isIPv4(inet.host) ? 'ipv4' : 'ipv6');
  }

  #add(network: string): void {
    const [address = '', bits, ...rest] = network.split('/');
    const isIPv6 = isPlainIPv6(address);
    if (rest.length > 0 || (!isIPv6 && isIP(address) !== 4)) throw notANetwork(network);
    const maxBits = isIPv6 ? 128 : 32;
    const prefix = bits === undefined ? maxBits : prefixOf(bits);
    if (prefix === undefined || prefix > maxBits) throw notANetwork(network);
    const text = isIPv6 ? canonicalIPv6(address) : address;
    const quad = text.startsWith(MAPPED_PREFIX) ? text.slice(MAPPED_PREFIX.length) : '';
    if (isIPv4(quad) && prefix >= MAPPED_BITS) this.#networks.addSubnet(quad, prefix - MAPPED_BITS, 'ipv4');
    else this.#networks.addSubnet(text, prefix, isIPv6 ? 'ipv6' : 'ipv4');
  }
}

function prefixOf(bits: string): number | undefined {
  const prefix = Number(bits);
  return String(prefix) === bits && Number.isInteger(prefix) && prefix >= 0 ? prefix : undefined;
}

function notANetwork(network: string): TypeError {
  return new TypeError(
    `trusted peer ${JSON.stringify(network)}: expected an IP address, a network such as 10.0.0.0/8, or unix`,
  );
}
