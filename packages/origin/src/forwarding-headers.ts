import type { Channel } from '@sluice/core';
import type { HttpRequestMessage } from '@sluice/filters';
import { inetAddress, SOURCE_ADDRESS } from '@sluice/handler-connection';
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

// Without the SourceAddressChannelHandler, or a PROXY protocol header, the other end of the socket is the client.
function clientAddress(channel: Channel): string | undefined {
  if (channel.hasAttr(SOURCE_ADDRESS)) return channel.attr(SOURCE_ADDRESS).get();
  return inetAddress(channel.remoteAddress)?.host;
}
