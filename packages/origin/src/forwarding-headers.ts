import type { HttpRequestMessage } from '@sluice/filters';

const PSEUDONYM = 'sluice';

// What a client that nobody vouches for says of where it comes from.
const CLAIMS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-proto-version',
  'x-real-ip',
];

/**
 * Tells the origin who asked for what: `X-Forwarded-For`, `-Proto` and `-Host` in place of
 * whatever the client claimed, and `Via` behind what is there (RFC 9110 §7.6.3).
 */
export function addForwardingHeaders(request: HttpRequestMessage): void {
  const { headers, inboundRequest, context } = request;
  for (const name of CLAIMS) headers.delete(name);
  const remote = context.channel.remoteAddress;
  if (remote !== undefined && 'host' in remote) headers.add('X-Forwarded-For', plainAddress(remote.host));
  headers.add('X-Forwarded-Proto', 'http');
  if (inboundRequest.authority !== '') headers.add('X-Forwarded-Host', inboundRequest.authority);
  headers.add('Via', `1.${inboundRequest.minorVersion} ${PSEUDONYM}`);
}

/** An IPv4 address that came over an IPv6 socket, as what it is. */
function plainAddress(host: string): string {
  return host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
}
