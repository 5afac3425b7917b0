import type { Channel } from '@sluice/core';
import { inetAddress, SOURCE_ADDRESS } from '@sluice/handler-connection';

/**
 * The client's IP address as far as it is known: that of a PROXY protocol header, else the other
 * end of the socket; undefined on a Unix socket. Fields of the request are never asked.
 */
export function clientAddress(channel: Channel): string | undefined {
  if (channel.hasAttr(SOURCE_ADDRESS)) return channel.attr(SOURCE_ADDRESS).get();
  return inetAddress(channel.remoteAddress)?.host;
}
