import { Buffer } from 'node:buffer';
import { ProxyProtocolError } from './proxy-protocol-error.ts';

/** The registered types of a version 2 TLV (PROXY protocol §2.2); those from `SSL_VERSION` on stand within `SSL`, up to `NETNS`. */
export const ProxyTlvType = Object.freeze({
  ALPN: 0x01,
  AUTHORITY: 0x02,
  CRC32C: 0x03,
  NOOP: 0x04,
  UNIQUE_ID: 0x05,
  SSL: 0x20,
  SSL_VERSION: 0x21,
  SSL_CN: 0x22,
  SSL_CIPHER: 0x23,
  SSL_SIG_ALG: 0x24,
  SSL_KEY_ALG: 0x25,
  SSL_GROUP: 0x26,
  SSL_SIG_SCHEME: 0x27,
  SSL_CLIENT_CERT: 0x28,
  NETNS: 0x30,
});

/** A type, 0 to 255, with its value, at most 65 535 bytes. */
export interface ProxyTlv {
  readonly type: number;
  readonly value: Buffer;
}

/** The client's TLS connection to the proxy (PROXY protocol §2.2.6). */
export interface ProxySsl {
  /** Whether the client came over TLS. */
  readonly isTls: boolean;
  /** Whether it showed a certificate on this connection. */
  readonly hasCertificate: boolean;
  /** Whether it showed one at least once in its TLS session. */
  readonly hasSessionCertificate: boolean;
  /** Result of the certificate's verification, an unsigned 32-bit number; 0 means verified, or nothing to verify. */
  readonly verify: number;
  /** Version, common name, cipher and so on; one within another is not looked into. */
  readonly tlvs: readonly ProxyTlv[];
}

const SSL_HEAD_BYTES = 5;
const CLIENT_SSL = 0x01;
const CLIENT_CERT_CONN = 0x02;
const CLIENT_CERT_SESS = 0x04;

/** Reads the TLVs that fill `bytes`. Throws a {@link ProxyProtocolError} when one of them goes beyond the end. */
export function parseTlvs(bytes: Buffer): ProxyTlv[] {
  const tlvs: ProxyTlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + 3;
    const end = start <= bytes.length ? start + bytes.readUInt16BE(at + 1) : Infinity;
    if (end > bytes.length) throw new ProxyProtocolError('malformed', 'A TLV goes beyond its block.');
    tlvs.push({ type: bytes.readUInt8(at), value: bytes.subarray(start, end) });
    at = end;
  }
  return tlvs;
}

/** Reads the value of a TLV of the type SSL. */
export function parseSsl(value: Buffer): ProxySsl {
  if (value.length < SSL_HEAD_BYTES) throw new ProxyProtocolError('malformed', 'The SSL TLV is too short.');
  const client = value.readUInt8(0);
  return {
    isTls: (client & CLIENT_SSL) !== 0,
    hasCertificate: (client & CLIENT_CERT_CONN) !== 0,
    hasSessionCertificate: (client & CLIENT_CERT_SESS) !== 0,
    verify: value.readUInt32BE(1),
    tlvs: parseTlvs(value.subarray(SSL_HEAD_BYTES)),
  };
}

/** Makes the TLV that tells of the client's TLS connection. */
export function sslTlv(ssl: ProxySsl): ProxyTlv {
  const head = Buffer.alloc(SSL_HEAD_BYTES);
  const connection = ssl.hasCertificate ? CLIENT_CERT_CONN : 0;
  const session = ssl.hasSessionCertificate ? CLIENT_CERT_SESS : 0;
  head.writeUInt8((ssl.isTls ? CLIENT_SSL : 0) | connection | session, 0);
  head.writeUInt32BE(ssl.verify, 1);
  return { type: ProxyTlvType.SSL, value: Buffer.concat([head, encodeTlvs(ssl.tlvs)]) };
}

/** Throws a RangeError for a type or a length that has no place in its field. */
export function encodeTlvs(tlvs: readonly ProxyTlv[]): Buffer {
  const parts = tlvs.flatMap(({ type, value }) => {
    const head = Buffer.alloc(3);
    head.writeUInt8(type, 0);
    head.writeUInt16BE(value.length, 1);
    return [head, value];
  });
  return Buffer.concat(parts);
}
