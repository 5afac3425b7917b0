import { BlockList, isIP } from 'node:net';

const MAPPED = /^::ffff:(?<high>[\da-f]{1,4}):(?<low>[\da-f]{1,4})$/;
const MAPPED_BITS = 96;

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** A set of networks and single addresses. An IPv4-mapped IPv6 network is the IPv4 network. */
export class Networks {
  // One for each family: a BlockList takes an IPv4 address for one of ::/0 as well.
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();

  /** Throws a TypeError for what {@link isNetwork} refuses. */
  constructor(networks: readonly string[]) {
    for (const text of networks) {
      const network = parseNetwork(text);
      if (network === undefined) throw new TypeError(`${JSON.stringify(text)} is not a network.`);
      const { address, prefix, family } = network;
      (family === 'ipv4' ? this.#ipv4 : this.#ipv6).addSubnet(address, prefix, family);
    }
  }

  /** `address`: as a {@link SOURCE_ADDRESS}, IPv4-mapped addresses folded. */
  has(address: string): boolean {
    return isIP(address) === 6 ? this.#ipv6.check(address, 'ipv6') : this.#ipv4.check(address, 'ipv4');
  }
}

/** Whether a text is an IP address or a network in CIDR form. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return undefined;
  const maxPrefix = family === 6 ? 128 : 32;
  const prefix = bits === undefined ? maxPrefix : Number(bits);
  if (bits !== undefined && (String(prefix) !== bits || !Number.isInteger(prefix))) return undefined;
  if (prefix < 0 || prefix > maxPrefix) return undefined;
  return family === 6 ? unmapped(address, prefix) : { address, prefix, family: 'ipv4' };
}

function unmapped(address: string, prefix: number): Network {
  const { high = '', low = '' } = MAPPED.exec(canonicalIpv6(address))?.groups ?? {};
  if (high === '' || prefix < MAPPED_BITS) return { address, prefix, family: 'ipv6' };
  const octets = [high, low].flatMap((group) => [
    Number.parseInt(group, 16) >> 8,
    Number.parseInt(group, 16) & 0xff,
  ]);
  return { address: octets.join('.'), prefix: prefix - MAPPED_BITS, family: 'ipv4' };
}

// The URL parser writes IPv6 addresses in one form, a mapped one in hexadecimal groups.
function canonicalIpv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
