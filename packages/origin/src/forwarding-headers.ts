import { AttributeKey } from '@sluice/core';
import type { Channel } from '@sluice/core';
import type { HttpRequestMessage } from '@sluice/filters';
import { FORWARDING_FIELDS } from '@sluice/handler-http';

const PSEUDONYM = 'sluice';

/**
 * Tells the origin who asked for what: `X-Forwarded-For`, `-Proto` and `-Host` in place of
 * whatever the client claimed, and `Via` behind what is there (RFC 9110 §7.6.3).
 */
export function addForwardingHeaders(request: HttpRequestMessage): void {
  const { headers, inboundRequest, context } = request;
  headers.deleteAll(FORWARDING_FIELDS);
  const client = clientAddress(context.channel);
  if (client !== undefined) headers.add('X-Forwarded-For', client);
  headers.add('X-Forwarded-Proto', 'http');
  if (inboundRequest.authority !== '') headers.add('X-Forwarded-Host', inboundRequest.authority);
  headers.add('Via', `1.${inboundRequest.minorVersion} ${PSEUDONYM}`);
}

// Set by the SourceAddressChannelHandler, and from a PROXY protocol header, where there are such handlers.
const SOURCE_ADDRESS = AttributeKey.valueOf<string>('_source_address');

function clientAddress(channel: Channel): string | undefined {
  if (channel.hasAttr(SOURCE_ADDRESS)) return channel.attr(SOURCE_ADDRESS).get();
  const remote = channel.remoteAddress;
  return remote !== undefined && 'host' in remote ? plainAddress(remote.host) : undefined;
}

/** An IPv4 address that came over an IPv6 socket, as what it is. */
function plainAddress(host: string): string {
  return host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
}
