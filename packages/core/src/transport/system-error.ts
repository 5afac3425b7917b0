import { formatAddress } from '../channel/socket-address.ts';
import type { SocketAddress } from '../channel/socket-address.ts';

/** An error as the operating system's come from Node.js: with `code` and `syscall`, `connect ECONNREFUSED 10.0.0.1:80`. */
export function systemError(code: string, syscall: string, address?: SocketAddress): Error {
  const where = address === undefined ? '' : ` ${formatAddress(address)}`;
  return Object.assign(new Error(`${syscall} ${code}${where}`), { code, syscall });
}
