import type { HttpHeaders } from '@sluice/codec-http';
import type { HttpRequestMessage } from '@sluice/filters';
import { clientAddress } from '@sluice/handler-connection';
import { FORWARDING_FIELDS } from '@sluice/handler-http';
import { schemeOf } from '@sluice/handler-tls';
import { FOR, forLine, HOST, hostLine, PROTO, PROTO_LINES, VIA_LINES } from './forwarding-lines.ts';
import { ProxyEndpointOptions } from './proxy-endpoint-options.ts';
import { PROXY_OWNED_FIELDS } from './proxy-owned-fields.ts';
import { DEADLINE_FIELD } from './request-deadline.ts';

const FORWARDED = 'Forwarded';

const DEFAULTS = new ProxyEndpointOptions();

/**
 * Tells the origin who asked for what: `X-Forwarded-For`, `-Proto` and `-Host` in place of
 * whatever the client claimed, and `Via` behind what is there (RFC 9110 §7.6.3). What a trusted
 * proxy says is kept: the address is added to its list. So is what a filter or a route has set in
 * the other fields of this kind, such as `X-Real-IP`.
 */
export function addForwardingHeaders(
  request: HttpRequestMessage,
  { trustedPeers, sendForwarded }: ProxyEndpointOptions = DEFAULTS,
): void {
  const { headers, inboundRequest, context } = request;
  const { channel } = context;
  const isTrusted = trustedPeers !== DEFAULTS.trustedPeers && trustedPeers.trusts(channel.remoteAddress);
  if (!isTrusted) headers.deleteAll(FORWARDING_FIELDS, PROXY_OWNED_FIELDS);
  if (headers.has(DEADLINE_FIELD)) headers.delete(DEADLINE_FIELD);
  const client = clientAddress(channel);
  const proto = schemeOf(channel);
  const host = inboundRequest.authority;
  if (client !== undefined && !(isTrusted && extend(headers, FOR, client))) {
    headers.addLine(forLine(channel, client));
  }
  if (!isTrusted || !headers.has(PROTO)) headers.addLine(PROTO_LINES[proto]);
  if (host !== '' && (!isTrusted || !headers.has(HOST))) headers.addLine(hostLine(host));
  if (sendForwarded) {
    const element = forwardedElement(client, host, proto);
    if (!(isTrusted && extend(headers, FORWARDED, element))) headers.set(FORWARDED, element);
  }
  headers.addLine(VIA_LINES[inboundRequest.minorVersion]);
}

/** Makes one field of all elements, as some origins look at the last one or the first one alone; false where there is none. */
function extend(headers: HttpHeaders, name: string, element: string): boolean {
  if (!headers.has(name)) return false;
  headers.set(name, `${headers.getAll(name).join(', ')}, ${element}`);
  return true;
}

// RFC 7239 §6: an unknown client is said to be that; an IPv6 address is quoted and in brackets.
function forwardedElement(client: string | undefined, host: string, proto: string): string {
  const node = client?.includes(':') ? `"[${client}]"` : (client ?? 'unknown');
  const hostPair = host === '' ? '' : `;host="${host}"`;
  return `for=${node}${hostPair};proto=${proto}`;
}
