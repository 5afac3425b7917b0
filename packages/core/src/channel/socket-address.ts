import { Buffer } from 'node:buffer';

/** Where a socket is bound or connected to: an IP address or host name with a port, or a Unix socket. */
export type SocketAddress = InetSocketAddress | UnixSocketAddress;

export interface InetSocketAddress {
  readonly host: string;
  readonly port: number;
}

export interface UnixSocketAddress {
  readonly path: string;
}

/** What the system has room for, in bytes: it takes the beginning of a longer path for the whole, and says nothing. */
export const MAX_UNIX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** Whether the system has room for the path of a Unix socket. */
export function isUnixPath(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_UNIX_PATH_BYTES;
}

/** The address as people write it: `127.0.0.1:80`, `[::1]:80`, or the path of a Unix socket. */
export function formatAddress(address: SocketAddress): string {
  if ('path' in address) return address.path;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
