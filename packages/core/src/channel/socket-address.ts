/** Where a socket is bound or connected to: an IP address or host name with a port, or a Unix socket. */
export type SocketAddress = InetSocketAddress | UnixSocketAddress;

export interface InetSocketAddress {
  readonly host: string;
  readonly port: number;
}

export interface UnixSocketAddress {
  readonly path: string;
}

/** The address as people write it: `127.0.0.1:80`, `[::1]:80`, or the path of a Unix socket. */
export function formatAddress(address: SocketAddress): string {
  if ('path' in address) return address.path;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
