import { Buffer } from 'node:buffer';
import { isIPv6, SocketAddress } from 'node:net';

/** Whether the text is an IPv6 address and nothing more: `node:net` would take a scope id too. */
export function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

/** One text for one IPv6 address: the form of RFC 5952. */
export function canonicalIPv6(address: string): string {
  return new SocketAddress({ address, family: 'ipv6' }).address;
}

/** The text of an IP address of 4 or 16 bytes. */
export function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return canonicalIPv6(groups.join(':'));
}

/** The 4 or 16 bytes of a valid IP address. */
export function ipBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = withoutQuad(address).split('::');
  const left = groupsOf(head);
  const right = groupsOf(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  const bytes = Buffer.alloc(16);
  for (const [at, group] of [...left, ...zeros, ...right].entries()) bytes.writeUInt16BE(group, at * 2);
  return bytes;
}

// `::ffff:192.0.2.1` is `::ffff:c000:201`.
function withoutQuad(address: string): string {
  const at = address.lastIndexOf(':') + 1;
  const quad = address.slice(at);
  if (!quad.includes('.')) return address;
  const hex = Buffer.from(quad.split('.').map(Number)).toString('hex');
  return `${address.slice(0, at)}${hex.slice(0, 4)}:${hex.slice(4)}`;
}

function groupsOf(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
}
