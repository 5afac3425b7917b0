import { FieldLine } from '@sluice/codec-http';
import { AttributeKey } from '@sluice/core';
import type { Channel } from '@sluice/core';

export const FOR = 'X-Forwarded-For';
export const PROTO = 'X-Forwarded-Proto';
export const HOST = 'X-Forwarded-Host';

/** By the scheme that the client speaks. */
export const PROTO_LINES = {
  http: new FieldLine(PROTO, 'http'),
  https: new FieldLine(PROTO, 'https'),
} as const;

/** The gateway's pseudonym behind the version that was received, by the minor one. */
export const VIA_LINES = {
  0: new FieldLine('Via', '1.0 sluice'),
  1: new FieldLine('Via', '1.1 sluice'),
} as const;

const FOR_LINE = AttributeKey.newInstance<FieldLine>('_x_forwarded_for_line');

/** The line that names the client of a connection, which keeps it. */
export function forLine(channel: Channel, client: string): FieldLine {
  const attribute = channel.attr(FOR_LINE);
  const known = attribute.get();
  if (known?.value === client) return known;
  const line = new FieldLine(FOR, client);
  attribute.set(line);
  return line;
}

// A gateway has few hosts. What clients make up beyond that, or longer than a name with a port is, is not kept.
const MAX_HOST_LINES = 256;
const MAX_KEPT_HOST = 260;
const hostLines = new Map<string, FieldLine>();

/** The line that names the host that was asked for. */
export function hostLine(host: string): FieldLine {
  const known = hostLines.get(host);
  if (known !== undefined) return known;
  const line = new FieldLine(HOST, host);
  if (hostLines.size < MAX_HOST_LINES && host.length <= MAX_KEPT_HOST) hostLines.set(host, line);
  return line;
}
