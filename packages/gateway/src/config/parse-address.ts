import { isIPv6 } from 'node:net';
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
  return ipv6 !== undefined && !isIPv6(ipv6) ? undefined : { host: name, port: Number(port) };
}
