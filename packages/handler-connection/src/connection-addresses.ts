import { isIP, isIPv4 } from 'node:net';
import { AttributeKey } from '@sluice/core';
import type { Channel, InetSocketAddress, SocketAddress } from '@sluice/core';

/** The client's IP address as text: for logs, limits and X-Forwarded-For. Absent on a Unix socket. A PROXY protocol header replaces it. */
export const SOURCE_ADDRESS = AttributeKey.valueOf<string>('_source_address');
/** {@link SOURCE_ADDRESS} with its port. */
export const SOURCE_INET_ADDR = AttributeKey.valueOf<InetSocketAddress>('_source_inet_addr');
/** Where the client is connected from, as the system or the PROXY protocol tells it. */
export const REMOTE_ADDR = AttributeKey.valueOf<SocketAddress>('_remote_addr');

/** The IP address that the client has connected to. A PROXY protocol header replaces it. */
export const LOCAL_ADDRESS = AttributeKey.valueOf<string>('_local_address');
/** {@link LOCAL_ADDRESS} with its port. */
export const LOCAL_INET_ADDR = AttributeKey.valueOf<InetSocketAddress>('_local_inet_addr');
/** What the client has connected to, as the system or the PROXY protocol tells it. */
export const LOCAL_ADDR = AttributeKey.valueOf<SocketAddress>('_local_addr');

/** Who is connected to this process: the client, or the proxy in front. Never replaced, so the one to check trust on. */
export const PEER_ADDR = AttributeKey.valueOf<SocketAddress>('_peer_addr');
/** The IP address of this end of the socket. Never replaced. */
export const SERVER_LOCAL_ADDRESS = AttributeKey.valueOf<string>('_server_local_address');
/** The port of this end of the socket. Never replaced. */
export const SERVER_LOCAL_PORT = AttributeKey.valueOf<number>('_server_local_port');

const MAPPED_PREFIX = '::ffff:';

/**
 * One text for one IP address: an IPv4-mapped IPv6 address becomes the IPv4 address (`::ffff:192.0.2.1`
 * becomes `192.0.2.1`), and a scope id is removed (`fe80::1%eth0` becomes `fe80::1`). Takes addresses
 * in the form of RFC 5952, as the system writes them; anything else comes back as it is.
 */
export function foldAddress(host: string): string {
  const scopeAt = host.indexOf('%');
  const address = scopeAt < 0 ? host : host.slice(0, scopeAt);
  if (!address.startsWith(MAPPED_PREFIX)) return address;
  const mapped = address.slice(MAPPED_PREFIX.length);
  return isIPv4(mapped) ? mapped : address;
}

/** The address with its host folded; undefined for a Unix socket and for a host name. */
export function inetAddress(address: SocketAddress | undefined): InetSocketAddress | undefined {
  if (address === undefined || 'path' in address) return undefined;
  const host = foldAddress(address.host);
  if (isIP(host) === 0) return undefined;
  return host === address.host ? address : { host, port: address.port };
}

/** Records who the client is, as far as is known: the socket's peer, or what a proxy in front tells. */
export function setSourceAddress(channel: Channel, source: SocketAddress): void {
  const inet = inetAddress(source);
  channel.attr(REMOTE_ADDR).set(source);
  channel.attr(SOURCE_INET_ADDR).set(inet);
  channel.attr(SOURCE_ADDRESS).set(inet?.host);
}

// Of the connection before: all of a listener share one address, unless it listens at all interfaces.
let lastLocal: SocketAddress | undefined;
let lastLocalInet: InetSocketAddress | undefined;

/** Records the address that the client has connected to. */
export function setLocalAddress(channel: Channel, local: SocketAddress): void {
  const inet = local === lastLocal ? lastLocalInet : inetAddress(local);
  lastLocal = local;
  lastLocalInet = inet;
  channel.attr(LOCAL_ADDR).set(local);
  channel.attr(LOCAL_INET_ADDR).set(inet);
  channel.attr(LOCAL_ADDRESS).set(inet?.host);
}

/**
 * The client's IP address as far as it is known: that of a PROXY protocol header, else the other
 * end of the socket; undefined on a Unix socket. Fields of the request are never asked.
 */
export function clientAddress(channel: Channel): string | undefined {
  if (channel.hasAttr(SOURCE_ADDRESS)) return channel.attr(SOURCE_ADDRESS).get();
  return inetAddress(channel.remoteAddress)?.host;
}
