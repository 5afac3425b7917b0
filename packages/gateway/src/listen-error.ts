import { formatAddress, SluiceError } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';

/** An address can't be listened on. The message says why and what to do. */
export class ListenError extends SluiceError {
  override readonly name = 'ListenError';

  constructor(address: SocketAddress, cause: unknown) {
    super('SLUICE_LISTEN', explain(formatAddress(address), cause), { cause });
  }
}

function explain(address: string, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EADDRINUSE') {
    return `${address} is in use by another program. Stop that program, or listen on another port.`;
  }
  if (code === 'EACCES') return `This user may not listen on ${address}. Take a port above 1023.`;
  if (code === 'EADDRNOTAVAIL')
    return `${address} is not an address of this machine. Take one that it has, or 0.0.0.0 for all of them.`;
  return `Can't listen on ${address}: ${cause instanceof Error ? cause.message : String(cause)}`;
}
