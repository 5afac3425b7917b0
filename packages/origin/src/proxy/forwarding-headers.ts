import type { HttpHeaders } from '@sluice/codec-http';
import type { HttpRequestMessage } from '@sluice/filters';
import { clientAddress } from '@sluice/handler-connection';
import { FORWARDING_FIELDS } from '@sluice/handler-http';
import { schemeOf } from '@sluice/handler-tls';
import { ProxyEndpointOptions } from './proxy-endpoint-options.ts';
import { DEADLINE_FIELD } from './request-deadline.ts';

/** The gateway's pseudonym behind the version that was received. */
const VIA = { 0: '1.0 sluice', 1: '1.1 sluice' } as const;

const FOR = 'X-Forwarded-For';
const PROTO = 'X-Forwarded-Proto';
const HOST = 'X-Forwarded-Host';
const FORWARDED = 'Forwarded';

const DEFAULTS = new ProxyEndpointOptions();

/**
 * Tells the origin who asked for what: `X-Forwarded-For`, `-Proto` and `-Host` in place of
 * whatever the client claimed, and `Via` behind what is there (RFC 9110 §7.6.3). What a trusted
 * proxy says is kept: the address is added to its list.
 */
export function addForwardingHeaders(
  request: HttpRequestMessage,
  { trustedPeers, sendForwarded }: ProxyEndpointOptions = DEFAULTS,
): void {
  const { headers, inboundRequest, context } = request;
  const { channel } = context;
  const isTrusted = trustedPeers !== DEFAULTS.trustedPeers && trustedPeers.trusts(channel.remoteAddress);
  if (!isTrusted) headers.deleteAll(FORWARDING_FIELDS);
  if (headers.has(DEADLINE_FIELD)) headers.delete(DEADLINE_FIELD);
  const client = clientAddress(channel);
  const proto = schemeOf(channel);
  const host = inboundRequest.authority;
  if (client !== undefined) append(headers, FOR, client, isTrusted);
  if (!isTrusted || !headers.has(PROTO)) headers.add(PROTO, proto);
  if (host !== '' && (!isTrusted || !headers.has(HOST))) headers.add(HOST, host);
  if (sendForwarded) append(headers, FORWARDED, forwardedElement(client, host, proto), isTrusted);
  headers.add('Via', VIA[inboundRequest.minorVersion]);
}

/** One field with all elements: some origins look at the last one or the first one alone. */
function append(headers: HttpHeaders, name: string, element: string, isTrusted: boolean): void {
  if (isTrusted && headers.has(name)) headers.set(name, `${headers.getAll(name).join(', ')}, ${element}`);
  else headers.add(name, element);
}

// RFC 7239 §6: an unknown client is said to be that; an IPv6 address is quoted and in brackets.
function forwardedElement(client: string | undefined, host: string, proto: string): string {
  const node = client?.includes(':') ? `"[${client}]"` : (client ?? 'unknown');
  const hostPair = host === '' ? '' : `;host="${host}"`;
  return `for=${node}${hostPair};proto=${proto}`;
}
