import {
  detectProxyProtocol,
  encodeProxyProtocol,
  ProxyProtocolDecoder,
  ProxyProtocolError,
  ProxyTlvType,
} from '@sluice/handler-proxy-protocol';
import type { DecodedProxyHeader, ProxyHeaderToSend } from '@sluice/handler-proxy-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const CLIENT = { host: '192.0.2.1', port: 56_324 };
const SERVER = { host: '198.51.100.2', port: 443 };

describe('detectProxyProtocol', () => {
  it.each([
    ['', 'need-more'],
    ['P', 'need-more'],
    ['PROX', 'need-more'],
    ['PROXY', 'v1'],
    ['PROXY TCP4 1', 'v1'],
    ['PR ', 'not-proxy'],
    ['GET / HTTP/1.1', 'not-proxy'],
    ['\r\n\r\n\0\r\nQUIT', 'need-more'],
    ['\r\n\r\n\0\r\nQUIT\n', 'v2'],
    ['\r\n\r\n\0\r\nQUIT\n!', 'v2'],
    ['\r\n\r\nG', 'not-proxy'],
  ])('A-11: %j is %s', (text, detection) => {
    expect(detectProxyProtocol(Buffer.from(text, 'latin1'))).toBe(detection);
  });
});

describe('version 1', () => {
  it('A-01: reads a TCP4 line', () => {
    const { header } = decoded(Buffer.from('PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n'));

    expect(header).toEqual({
      version: 1,
      command: 'PROXY',
      transport: 'TCP4',
      source: { host: '192.168.0.1', port: 56_324 },
      destination: { host: '192.168.0.11', port: 443 },
      tlvs: [],
    });
  });

  it('A-02: reads a TCP6 line, long forms as RFC 5952 writes them', () => {
    const { header } = decoded(
      Buffer.from('PROXY TCP6 2001:0DB8:85a3:0000:0000:8a2e:0370:7334 1050:0:0:0:5:600:300c:326b 1 2\r\n'),
    );

    expect(header.source).toEqual({ host: '2001:db8:85a3::8a2e:370:7334', port: 1 });
    expect(header.destination).toEqual({ host: '1050::5:600:300c:326b', port: 2 });
  });

  it.each(['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN 192.0.2.1 198.51.100.2 1 2\r\n'])(
    'A-03: %j tells nothing',
    (line) => {
      expect(decoded(Buffer.from(line)).header).toEqual({
        version: 1,
        command: 'PROXY',
        transport: 'UNKNOWN',
        tlvs: [],
      });
    },
  );

  // Port 0 is valid, unlike in A-04: it is inside the range of the protocol's text.
  it.each([
    'PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n',
    'PROXY TCP7 192.0.2.1 198.51.100.2 1 2\r\n',
    'PING TCP4 192.0.2.1 198.51.100.2 1 2\r\n',
    'proxy TCP4 192.0.2.1 198.51.100.2 1 2\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.2 80000 2\r\n',
    'PROXY TCP4 299.168.0.1 198.51.100.2 1 2\r\n',
    'PROXY TCP6 r001:0:0:0:5:600:300c:326b ::1 1 2\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n',
    'PROXY TCP4 192.0.2.1 198.51.100.2 0443 2\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.2 +443 2\r\n',
    'PROXY TCP4 192.0.2.1 198.51.100.2 1 2 \r\n',
    'PROXY TCP4 192.0.2.1  198.51.100.2 1 2\r\n',
    'PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n',
    'PROXY UNKNOWNX\r\n',
    `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`,
  ])('A-04, A-05, A-13: refuses %j, whole and byte by byte', (line) => {
    expect(() => decoded(Buffer.from(line))).toThrow(ProxyProtocolError);
    expect(() => decodedBytewise(Buffer.from(line))).toThrow(ProxyProtocolError);
  });

  it('A-05: waits for the rest of a line', () => {
    const decoder = new ProxyProtocolDecoder(4_096);

    expect(decoder.isWithinHeader).toBe(false);
    expect(decoder.decode(Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.2 1 2\r'))).toBeUndefined();
    expect(decoder.isWithinHeader).toBe(true);
    expect(decoder.decode(Buffer.from('\nbytes'))?.leftover.toString()).toBe('bytes');
    expect(decoder.isWithinHeader).toBe(false);
  });
});

describe('version 2', () => {
  it.each([
    ['11', 'TCP4', 'c0a80001c0a8000bdc0401bb', '192.168.0.1', '192.168.0.11'],
    ['12', 'UDP4', 'c0a80001c0a8000bdc0401bb', '192.168.0.1', '192.168.0.11'],
    [
      '21',
      'TCP6',
      '20010db885a3000000008a2e03707334105000000000000000050600300c326bdc0401bb',
      '2001:db8:85a3::8a2e:370:7334',
      '1050::5:600:300c:326b',
    ],
  ])('A-07: reads family %s as %s', (family, transport, block, source, destination) => {
    const { header } = decoded(v2(`21${family}`, block));

    expect(header).toMatchObject({ version: 2, command: 'PROXY', transport });
    expect(header.source).toEqual({ host: source, port: 56_324 });
    expect(header.destination).toEqual({ host: destination, port: 443 });
  });

  it('A-07: reads Unix paths up to their NUL', () => {
    const path = (text: string): string => Buffer.alloc(108, `${text}\0rest`, 'latin1').toString('hex');
    const { header } = decoded(v2('2131', path('/run/a') + path('/run/b')));

    expect(header).toMatchObject({
      transport: 'UNIX_STREAM',
      source: { path: '/run/a' },
      destination: { path: '/run/b' },
    });
  });

  it.each([
    ['2000', '', 'LOCAL'],
    ['2011', 'c0a80001c0a8000bdc0401bb', 'LOCAL'],
    ['2041', 'ffff', 'LOCAL'],
    ['2100', '', 'PROXY'],
    ['2100', '0400', 'PROXY'],
  ])('A-08: %s with the block %j tells nothing', (head, block, command) => {
    expect(decoded(v2(head, block)).header).toEqual({ version: 2, command, transport: 'UNKNOWN', tlvs: [] });
  });

  it.each([
    ['22 for a command', `${SIGNATURE}22`],
    ['version 1', `${SIGNATURE}11`],
    ['a family that is not known', `${SIGNATURE}2113`],
    ['a block shorter than its addresses', `${SIGNATURE}2111000b`],
    ['a header over the limit', `${SIGNATURE}21111000`],
  ])('A-08: refuses %s as soon as it is there, and not before', (_what, hex) => {
    const bytes = Buffer.from(hex, 'hex');

    expect(new ProxyProtocolDecoder(4_096).decode(bytes.subarray(0, -1))).toBeUndefined();
    expect(() => decoded(bytes)).toThrow(ProxyProtocolError);
  });

  it('takes a header of exactly the limit', () => {
    const tlv = { type: 0xe0, value: Buffer.alloc(4_096 - 16 - 12 - 3) };

    expect(decoded(encodeProxyProtocol({ ...TCP4, tlvs: [tlv] })).header.tlvs).toEqual([tlv]);
  });

  it('A-09: reads TLVs, and those within the one of TLS', () => {
    const ssl = '0100000000210007544c5376312e322200044c454146';
    const length = (ssl.length / 2).toString(16).padStart(4, '0');
    const { header } = decoded(v2('2111', `c0a80001c0a8000bdc0401bb20${length}${ssl}ea0001ff`));

    expect(header.tlvs.map(({ type }) => type)).toEqual([ProxyTlvType.SSL, 0xea]);
    expect(header.ssl).toMatchObject({
      isTls: true,
      hasCertificate: false,
      hasSessionCertificate: false,
      verify: 0,
    });
    expect(header.ssl?.tlvs.map(({ type, value }) => [type, value.toString()])).toEqual([
      [ProxyTlvType.SSL_VERSION, 'TLSv1.2'],
      [ProxyTlvType.SSL_CN, 'LEAF'],
    ]);
  });

  it('refuses a second checksum, and an SSL TLV of fewer than 5 bytes', () => {
    const addresses = 'c0a80001c0a8000bdc0401bb';

    expect(() => decoded(v2('2111', `${addresses}0300040000000003000400000000`))).toThrow('one checksum');
    expect(() => decoded(v2('2111', `${addresses}20000400000000`))).toThrow('SSL TLV is too short');
  });
});

describe('any cut', () => {
  it('A-14: gives the same header and the same leftover', () => {
    fc.assert(
      fc.property(headers(), fc.uint8Array({ maxLength: 40 }), cuts(), (header, payload, at) => {
        const bytes = Buffer.concat([encodeProxyProtocol(header), payload]);
        const whole = decoded(bytes);
        const decoder = new ProxyProtocolDecoder(65_551);
        const pieces = cut(bytes, at);
        let result: DecodedProxyHeader | undefined = undefined;
        const leftover: Buffer[] = [];
        for (const piece of pieces) {
          if (result !== undefined) leftover.push(piece);
          else result = decoder.decode(piece);
        }

        expect(result?.header).toEqual(whole.header);
        expect(Buffer.concat([result?.leftover ?? Buffer.alloc(0), ...leftover])).toEqual(
          Buffer.from(payload),
        );
        expect(whole.leftover).toEqual(Buffer.from(payload));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses damaged headers alike, and never fails in another way', () => {
    const damage = fc.record({ at: fc.nat({ max: 120 }), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(headers(), fc.array(damage, { minLength: 1, maxLength: 3 }), (header, damages) => {
        const bytes = encodeProxyProtocol(header);
        for (const { at, byte } of damages) bytes[at % bytes.length] = byte;

        expect(outcome(() => decodedBytewise(bytes))).toEqual(outcome(() => decoder().decode(bytes)?.header));
      }),
      { numRuns: 500 },
    );
  });
});

const TCP4 = {
  version: 2,
  command: 'PROXY',
  transport: 'TCP4',
  source: CLIENT,
  destination: SERVER,
} as const;

function decoder(): ProxyProtocolDecoder {
  return new ProxyProtocolDecoder(4_096);
}

function decoded(bytes: Buffer): DecodedProxyHeader {
  const result = new ProxyProtocolDecoder(4_096).decode(bytes);
  if (result === undefined) throw new Error('The header is not whole.');
  return result;
}

function decodedBytewise(bytes: Buffer): unknown {
  const pieces = decoder();
  for (const byte of bytes) {
    const result = pieces.decode(Buffer.from([byte]));
    if (result !== undefined) return result.header;
  }
  return undefined;
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof ProxyProtocolError)) throw cause;
    return cause.reason;
  }
}

function v2(head: string, block: string): Buffer {
  const length = (block.length / 2).toString(16).padStart(4, '0');
  return Buffer.from(`${SIGNATURE}${head}${length}${block}`, 'hex');
}

function cuts(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat({ max: 300 }), { maxLength: 8 });
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const ends = [...at.filter((end) => end < bytes.length), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function headers(): fc.Arbitrary<ProxyHeaderToSend> {
  const four = fc.record({ host: fc.ipV4(), port: fc.nat({ max: 0xffff }) });
  const six = fc.record({ host: fc.ipV6(), port: fc.nat({ max: 0xffff }) });
  const tlv = fc.record({
    type: fc.constantFrom(1, 2, 4, 5, 0x30, 0xea),
    value: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  });
  const extras = { tlvs: fc.array(tlv, { maxLength: 3 }), checksum: fc.boolean() };
  const inet = (version: 1 | 2, transport: 'TCP4' | 'TCP6'): fc.Arbitrary<ProxyHeaderToSend> => {
    const end = transport === 'TCP4' ? four : six;
    const fixed = { version: fc.constant(version), command: fc.constant('PROXY' as const) };
    const ends = { transport: fc.constant(transport), source: end, destination: end };
    return version === 1 ? fc.record({ ...fixed, ...ends }) : fc.record({ ...fixed, ...ends, ...extras });
  };
  return fc.oneof(inet(1, 'TCP4'), inet(1, 'TCP6'), inet(2, 'TCP4'), inet(2, 'TCP6'));
}
