import { formatAddress, MAX_UNIX_PATH_BYTES, SluiceError } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import { canBeSamePlace } from './same-place.ts';

/** An address can't be listened on. The message says why and what to do. */
export class ListenError extends SluiceError {
  override readonly name = 'ListenError';

  /** `own`: where this gateway listens itself. */
  constructor(address: SocketAddress, cause: unknown, own: readonly SocketAddress[] = []) {
    super('SLUICE_LISTEN', explain(address, cause, own), { cause });
  }
}

function explain(address: SocketAddress, cause: unknown, own: readonly SocketAddress[]): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const text = formatAddress(address);
  const isPath = 'path' in address;
  if (code === 'EADDRINUSE') return inUse(address, own);
  if (code === 'EACCES') {
    const way = isPath ? 'Take a folder that it may write to.' : 'Take a port above 1023.';
    return `This user may not listen on ${text}. ${way}`;
  }
  if (code === 'ENAMETOOLONG')
    return `${text} is too long for a Unix socket: its path has ${MAX_UNIX_PATH_BYTES} bytes at most. Take a shorter one.`;
  if (code === 'EADDRNOTAVAIL')
    return `${text} is not an address of this machine. Take one that it has, or 0.0.0.0 for all of them.`;
  return `Can't listen on ${text}: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function inUse(address: SocketAddress, own: readonly SocketAddress[]): string {
  const text = formatAddress(address);
  const kind = 'path' in address ? 'path' : 'port';
  const other = own.find((each) => canBeSamePlace(each, address));
  if (other === undefined)
    return `${text} is in use by another program. Stop that program, or listen on another ${kind}.`;
  return `${text} is in use by this gateway itself, which listens there as ${formatAddress(other)}. Listen on another ${kind}; to put one in the place of the other takes a restart.`;
}
