import { Buffer } from 'node:buffer';
import { isIPv4 } from 'node:net';
import type { InetSocketAddress, SocketAddress } from '@sluice/core';
import { crc32c } from './crc32c.ts';
import { canonicalIPv6, ipBytes, isPlainIPv6 } from './proxy-address.ts';
import type { ProxyHeader } from './proxy-header.ts';
import { encodeTlvs, ProxyTlvType, sslTlv } from './proxy-tlv.ts';
import type { ProxyTlv } from './proxy-tlv.ts';
import {
  UNIX_PATH_BYTES,
  V2_FAMILIES,
  V2_FIXED_BYTES,
  V2_LOCAL,
  V2_PROXY,
  V2_SIGNATURE,
  V2_VERSION,
} from './proxy-v2-format.ts';
import type { V2Family } from './proxy-v2-format.ts';

/** A header to send. TLVs and `ssl` are for version 2; `ssl` is added when no TLV of that type is given. */
export interface ProxyHeaderToSend extends Omit<ProxyHeader, 'tlvs'> {
  readonly tlvs?: readonly ProxyTlv[];
  /** Version 2: whether to add a CRC-32C of the header. Default: false. */
  readonly checksum?: boolean;
}

const MAX_BLOCK_BYTES = 0xffff;

/**
 * Makes the bytes that go first on a connection to an upstream. One connection then carries one
 * client: it must never be pooled. Throws a TypeError or RangeError for anything that the header
 * can't say or that could be read as something else.
 */
export function encodeProxyProtocol(header: ProxyHeaderToSend): Buffer {
  return header.version === 1 ? encodeV1(header) : encodeV2(header);
}

function encodeV1({
  command,
  transport,
  source,
  destination,
  tlvs,
  ssl,
  checksum,
}: ProxyHeaderToSend): Buffer {
  if (command !== 'PROXY') throw new TypeError('Version 1 has no LOCAL command.');
  if (ssl || checksum || (tlvs && tlvs.length > 0)) throw new TypeError('Version 1 has no TLVs.');
  if (transport === 'UNKNOWN') return Buffer.from('PROXY UNKNOWN\r\n');
  if (transport !== 'TCP4' && transport !== 'TCP6') {
    throw new TypeError(`Version 1 can't say ${transport}; it has TCP4, TCP6 and UNKNOWN.`);
  }
  const from = checkInet(source, transport === 'TCP4');
  const to = checkInet(destination, transport === 'TCP4');
  return Buffer.from(`PROXY ${transport} ${from.host} ${to.host} ${from.port} ${to.port}\r\n`);
}

function encodeV2(header: ProxyHeaderToSend): Buffer {
  const isLocal = header.command === 'LOCAL';
  const family = V2_FAMILIES.find(({ transport }) => transport === (isLocal ? 'UNKNOWN' : header.transport));
  if (family === undefined)
    throw new TypeError(`${header.transport} is not a transport of the PROXY protocol.`);
  const tlvs = encodeTlvs(tlvsOf(header));
  const bytes = Buffer.concat([fixedPart(isLocal, family), endpoints(header, family), tlvs]);
  const blockBytes = bytes.length - V2_FIXED_BYTES;
  if (blockBytes > MAX_BLOCK_BYTES) throw new RangeError(`The TLVs are too long: ${tlvs.length} bytes.`);
  bytes.writeUInt16BE(blockBytes, 14);
  if (header.checksum) bytes.writeUInt32BE(crc32c(bytes), bytes.length - 4);
  return bytes;
}

function fixedPart(isLocal: boolean, { code }: V2Family): Buffer {
  const command = isLocal ? V2_LOCAL : V2_PROXY;
  return Buffer.concat([V2_SIGNATURE, Buffer.from([(V2_VERSION << 4) | command, code, 0, 0])]);
}

// A checksum goes last, as zeros until all else is in its place.
function tlvsOf({ tlvs = [], ssl, checksum }: ProxyHeaderToSend): readonly ProxyTlv[] {
  const hasSsl = tlvs.some(({ type }) => type === ProxyTlvType.SSL);
  return [
    ...tlvs.filter(({ type }) => type !== ProxyTlvType.CRC32C),
    ...(ssl && !hasSsl ? [sslTlv(ssl)] : []),
    ...(checksum ? [{ type: ProxyTlvType.CRC32C, value: Buffer.alloc(4) }] : []),
  ];
}

function endpoints({ source, destination }: ProxyHeaderToSend, { addressBytes }: V2Family): Buffer {
  if (addressBytes === 0) return Buffer.alloc(0);
  if (addressBytes === UNIX_PATH_BYTES) return Buffer.concat([pathBytes(source), pathBytes(destination)]);
  const from = checkInet(source, addressBytes === 4);
  const to = checkInet(destination, addressBytes === 4);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(from.port, 0);
  ports.writeUInt16BE(to.port, 2);
  return Buffer.concat([ipBytes(from.host), ipBytes(to.host), ports]);
}

function checkInet(address: SocketAddress | undefined, isFour: boolean): InetSocketAddress {
  const version = isFour ? 4 : 6;
  if (address === undefined || 'path' in address) throw new TypeError(`An IPv${version} address is missing.`);
  const { host, port } = address;
  if (!(isFour ? isIPv4(host) : isPlainIPv6(host))) {
    throw new TypeError(`${JSON.stringify(host)} is not an IPv${version} address.`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 0xffff) throw new RangeError(`${port} is not a port.`);
  return { host: isFour ? host : canonicalIPv6(host), port };
}

function pathBytes(address: SocketAddress | undefined): Buffer {
  if (address === undefined || !('path' in address)) throw new TypeError('A Unix path is missing.');
  const bytes = Buffer.from(address.path);
  if (bytes.length > UNIX_PATH_BYTES)
    throw new RangeError(`A Unix path has at most ${UNIX_PATH_BYTES} bytes.`);
  // A line break could end a line of a log or of a text protocol behind; a NUL would cut the path.
  if (bytes.some((byte) => byte === 0 || byte === 0x0a || byte === 0x0d)) {
    throw new TypeError(`The Unix path ${JSON.stringify(address.path)} holds a control character.`);
  }
  return Buffer.concat([bytes, Buffer.alloc(UNIX_PATH_BYTES - bytes.length)]);
}
