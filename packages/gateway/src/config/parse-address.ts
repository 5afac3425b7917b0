import { isIPv4, isIPv6 } from 'node:net';
import type { SocketAddress } from '@sluice/core';

const UNIX = 'unix:';
const INET = /^(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^:[\]/\s]+)):(?<port>\d{1,5})$/;
const MAX_PORT = 65_535;

/** Reads `HOST:PORT`, `[IPV6]:PORT` or `unix:/path`; undefined for anything else. */
export function parseAddress(text: string): SocketAddress | undefined {
  if (text.startsWith(UNIX)) return text.length > UNIX.length ? { path: text.slice(UNIX.length) } : undefined;
  const { ipv6, host, port } = INET.exec(text)?.groups ?? {};
  const name = ipv6 ?? host;
  if (name === undefined || Number(port) > MAX_PORT) return undefined;
  const isHost = ipv6 === undefined ? canBeHost(name) : isIPv6(ipv6);
  return isHost ? { host: name, port: Number(port) } : undefined;
}

/** A name whose last label is a number can only be an IPv4 address, as in URLs: there is no such top-level domain. */
function canBeHost(name: string): boolean {
  return isIPv4(name) || !/(?:^|\.)\d+\.?$/.test(name);
}
