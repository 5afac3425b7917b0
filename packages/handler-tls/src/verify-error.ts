import type { TLSSocket } from 'node:tls';
import { TlsConfigError } from './tls-errors.ts';

/** What a TLSSocket has besides its documented interface; a test pins it. */
interface NativeTls {
  readonly ssl?: { verifyError?(): (Error & { code?: string }) | null | undefined } | null;
}

/**
 * What OpenSSL found wrong with the certificate of the peer, or that there is none. A server's
 * TLSSocket without a tls.Server has no other way to it.
 */
export function verifyError(socket: TLSSocket): (Error & { code?: string }) | undefined {
  const { ssl } = socket as NativeTls;
  if (typeof ssl?.verifyError !== 'function') {
    // Never let in without having looked.
    return new TlsConfigError('This Node.js has no way to verify the certificates of clients.');
  }
  return ssl.verifyError() ?? undefined;
}
