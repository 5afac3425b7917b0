import type { InetSocketAddress, SocketAddress } from '@sluice/core';
import { isIP } from 'node:net';

/** Whether two addresses can never be listened on at once. */
export function isSamePlace(a: SocketAddress, b: SocketAddress): boolean {
  if ('path' in a || 'path' in b) return 'path' in a && 'path' in b && a.path === b.path;
  return isSamePort(a, b) && (a.host === b.host || isAnyHost(a.host) || isAnyHost(b.host));
}

/** Whether one can be taken by the other, where a name may mean any address. */
export function canBeSamePlace(a: SocketAddress, b: SocketAddress): boolean {
  if (isSamePlace(a, b)) return true;
  return 'port' in a && 'port' in b && isSamePort(a, b) && (isIP(a.host) === 0 || isIP(b.host) === 0);
}

/** Port 0 is any free one. */
function isSamePort(a: InetSocketAddress, b: InetSocketAddress): boolean {
  return a.port === b.port && a.port !== 0;
}

function isAnyHost(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
