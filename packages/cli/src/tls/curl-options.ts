import type { SocketAddress } from '@sluice/core';
import type { ServerSslContext } from '@sluice/handler-tls';

/**
 * What curl needs to accept the certificate at an address: `--cacert` with one that signs itself
 * and is made out to it, else `-k`, since who tries a gateway out asks for the address and not a name.
 */
export function curlOptions({ certificates: [first] }: ServerSslContext, address: SocketAddress): string {
  if (first === undefined || 'path' in address) return '-k';
  const { x509, source } = first;
  const isItsOwnCa = x509.issuer === x509.subject && x509.verify(x509.publicKey);
  return isItsOwnCa && x509.checkIP(address.host) !== undefined ? `--cacert ${source}` : '-k';
}
