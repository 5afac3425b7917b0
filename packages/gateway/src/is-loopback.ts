import { isIPv4 } from 'node:net';
import type { SocketAddress } from '@sluice/core';

/** Whether this machine alone reaches an address. A Unix socket has permissions of its own. */
export function isLoopback(address: SocketAddress): boolean {
  if ('path' in address) return true;
  const host = address.host.replace(/^::ffff:/i, '');
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
