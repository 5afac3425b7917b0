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

/** The 4 or 16 bytes of an IP address of the form that {@link canonicalIPv6} gives, or of a dotted quad. */
export function ipBytes(address: string): Buffer {
  const quad = address.slice(address.lastIndexOf(':') + 1);
  if (quad === address) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = quad.includes('.') ? [address.slice(0, -quad.length), quad] : [address, ''];
  const bytes = Buffer.alloc(16);
  const end = tail === '' ? 16 : 12;
  if (tail !== '') Buffer.from(tail.split('.').map(Number)).copy(bytes, 12);
  const [left = '', right] = head.split('::');
  const groups = (part: string): number[] =>
    part
      .split(':')
      .filter((group) => group !== '')
      .map((group) => Number.parseInt(group, 16));
  const write = (values: readonly number[], at: number): void =>
    values.forEach((value, index) => bytes.writeUInt16BE(value, at + index * 2));
  write(groups(left), 0);
  const last = right === undefined ? [] : groups(right);
  write(last, end - last.length * 2);
  return bytes;
}
