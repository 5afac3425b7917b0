import { ClosedChannelError } from '@sluice/core';

// How the system calls a peer that has gone.
const LOST: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT']);

/** Whether the peer has gone, or the channel was closed meanwhile. */
export function isConnectionLost(cause: unknown): boolean {
  if (cause instanceof ClosedChannelError) return true;
  return isSystemError(cause) && LOST.has(cause.code);
}

/** Whether an error came from the socket or its TLS, as any client can cause it, and not from a handler. */
export function isConnectionError(cause: unknown): boolean {
  return isConnectionLost(cause) || isSystemError(cause) || isOpensslError(cause);
}

function isSystemError(cause: unknown): cause is Error & { readonly code: unknown } {
  return cause instanceof Error && 'syscall' in cause && 'code' in cause;
}

function isOpensslError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && /^ERR_(?:SSL|TLS)_/.test(String(cause.code));
}
