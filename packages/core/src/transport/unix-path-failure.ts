import { isUnixPath } from '../channel/socket-address.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import { systemError } from './system-error.ts';

/** ENAMETOOLONG for a path that the system would cut; undefined for any other address. */
export function unixPathFailure(address: SocketAddress, syscall: 'listen' | 'connect'): Error | undefined {
  return 'path' in address && !isUnixPath(address.path)
    ? systemError('ENAMETOOLONG', syscall, address)
    : undefined;
}
