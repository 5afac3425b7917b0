import {
  encodeProxyProtocol,
  ProxyProtocolDecoder,
  ProxyTlvType,
  sslTlv,
} from '@sluice/handler-proxy-protocol';
import type { ProxyHeader, ProxyHeaderToSend } from '@sluice/handler-proxy-protocol';
import { describe, expect, it } from 'vitest';

const SOURCE = { host: '192.0.2.1', port: 56_324 };
const DESTINATION = { host: '198.51.100.2', port: 443 };
const SIX = { host: '2001:db8::1', port: 0 };
const MAPPED = { host: '::ffff:192.0.2.1', port: 65_535 };
const ends = { source: SOURCE, destination: DESTINATION };
const v1 = { version: 1, command: 'PROXY', transport: 'TCP4', ...ends } as const;
const v2 = { ...v1, version: 2 } as const;

describe('encodeProxyProtocol', () => {
  it('writes the line of version 1', () => {
    expect(encodeProxyProtocol(v1).toString()).toBe('PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n');
    expect(encodeProxyProtocol({ ...v1, transport: 'UNKNOWN' }).toString()).toBe('PROXY UNKNOWN\r\n');
  });

  it('writes the bytes of version 2', () => {
    expect(encodeProxyProtocol(v2).toString('hex')).toBe(
      '0d0a0d0a000d0a515549540a2111000cc0000201c6336402dc0401bb',
    );
  });

  const roundTrips: [string, ProxyHeaderToSend][] = [
    ['version 1, TCP4', v1],
    ['version 1, TCP6', { ...v1, transport: 'TCP6', source: SIX, destination: MAPPED }],
    ['version 2, TCP4', v2],
    ['version 2, UDP4', { ...v2, transport: 'UDP4' }],
    ['version 2, TCP6', { ...v2, transport: 'TCP6', source: SIX, destination: MAPPED }],
    ['version 2, UDP6', { ...v2, transport: 'UDP6', source: MAPPED, destination: SIX }],
    [
      'version 2, Unix',
      { ...v2, transport: 'UNIX_STREAM', source: { path: '/run/é' }, destination: { path: '' } },
    ],
    ['version 2, UNKNOWN', { version: 2, command: 'PROXY', transport: 'UNKNOWN' }],
    ['version 2, LOCAL', { version: 2, command: 'LOCAL', transport: 'UNKNOWN' }],
  ];

  it.each(roundTrips)('A-12: %s can be read back', (_name, header) => {
    expect(read(encodeProxyProtocol(header))).toEqual({ ...header, tlvs: [] });
  });

  it('A-12: TLVs, those of TLS and a checksum can be read back', () => {
    const ssl = {
      isTls: true,
      hasCertificate: true,
      hasSessionCertificate: true,
      verify: 0xffff_ffff,
      tlvs: [{ type: ProxyTlvType.SSL_VERSION, value: Buffer.from('TLSv1.3') }],
    };
    const authority = { type: ProxyTlvType.AUTHORITY, value: Buffer.from('example.test') };
    const bytes = encodeProxyProtocol({ ...v2, tlvs: [authority], ssl, checksum: true });
    const header = read(bytes);

    expect(header.ssl).toEqual(ssl);
    expect(header.tlvs.slice(0, 2)).toEqual([authority, sslTlv(ssl)]);
    expect(header.tlvs[2]?.type).toBe(ProxyTlvType.CRC32C);
    bytes[20] = 0xff;
    expect(() => read(bytes)).toThrow('CRC-32C');
  });

  it('adds a checksum to LOCAL too', () => {
    const header = { version: 2, command: 'LOCAL', transport: 'UNKNOWN', checksum: true } as const;

    expect(encodeProxyProtocol(header).toString('hex')).toBe(
      '0d0a0d0a000d0a515549540a20000007030004a9b87e8f',
    );
  });

  const refused: [string, string, ProxyHeaderToSend][] = [
    ['LOCAL in version 1', 'no LOCAL', { ...v1, command: 'LOCAL' }],
    ['UDP in version 1', "can't say UDP4", { ...v1, transport: 'UDP4' }],
    ['a Unix socket in version 1', "can't say UNIX_STREAM", { ...v1, transport: 'UNIX_STREAM' }],
    ['TLVs in version 1', 'no TLVs', { ...v1, tlvs: [{ type: 4, value: Buffer.alloc(0) }] }],
    ['a checksum in version 1', 'no TLVs', { ...v1, checksum: true }],
    [
      'no source',
      'IPv4 address is missing',
      { version: 1, command: 'PROXY', transport: 'TCP4', destination: DESTINATION },
    ],
    [
      'no destination',
      'IPv4 address is missing',
      { version: 2, command: 'PROXY', transport: 'TCP4', source: SOURCE },
    ],
    ['mixed families', 'is not an IPv6 address', { ...v1, transport: 'TCP6', source: SIX }],
    ['mixed families', 'is not an IPv4 address', { ...v2, source: SIX }],
    ['a Unix path for TCP', 'IPv4 address is missing', { ...v2, source: { path: '/run/a' } }],
    ['an address for a Unix socket', 'Unix path is missing', { ...v2, transport: 'UNIX_STREAM' }],
    [
      'CR LF in an address',
      'is not an IPv4 address',
      { ...v1, source: { host: '192.0.2.1\r\nGET / HTTP/1.1', port: 1 } },
    ],
    ['a space in an address', 'is not an IPv4 address', { ...v1, source: { host: '192.0.2.1 ', port: 1 } }],
    [
      'a scope id',
      'is not an IPv6 address',
      { ...v1, transport: 'TCP6', source: { host: 'fe80::1%eth0', port: 1 }, destination: SIX },
    ],
    ['a host name', 'is not an IPv4 address', { ...v2, source: { host: 'client.test', port: 1 } }],
    ['a negative port', '-1 is not a port', { ...v1, source: { ...SOURCE, port: -1 } }],
    ['a port too large', '65536 is not a port', { ...v2, source: { ...SOURCE, port: 65_536 } }],
    ['a port that is no number', 'NaN is not a port', { ...v1, source: { ...SOURCE, port: Number.NaN } }],
    [
      'CR LF in a Unix path',
      'control character',
      { ...v2, transport: 'UNIX_DGRAM', source: { path: '/a\r\nb' }, destination: { path: '' } },
    ],
    [
      'NUL in a Unix path',
      'control character',
      { ...v2, transport: 'UNIX_DGRAM', source: { path: '/a\0b' }, destination: { path: '' } },
    ],
    [
      'a long Unix path',
      'at most 108 bytes',
      { ...v2, transport: 'UNIX_DGRAM', source: { path: 'é'.repeat(55) }, destination: { path: '' } },
    ],
    ['a TLV type too large', 'out of range', { ...v2, tlvs: [{ type: 256, value: Buffer.alloc(0) }] }],
    ['a TLV too long', 'out of range', { ...v2, tlvs: [{ type: 4, value: Buffer.alloc(65_536) }] }],
    [
      'TLVs too long together',
      'too long',
      { ...v2, tlvs: [1, 2].map((type) => ({ type, value: Buffer.alloc(40_000) })) },
    ],
  ];

  it.each(refused)('A-12: refuses %s', (_what, message, header) => {
    expect(() => encodeProxyProtocol(header)).toThrow(message);
  });
});

function read(bytes: Buffer): ProxyHeader {
  const result = new ProxyProtocolDecoder(65_551).decode(bytes);
  if (result === undefined) throw new Error('The header is not whole.');
  expect(result.leftover).toHaveLength(0);
  return result.header;
}
