import type { SocketAddress } from '@sluice/core';
import { crc32c } from './crc32c.ts';
import { ipText } from './proxy-address.ts';
import type { ParsedHeader, ProxyHeader } from './proxy-header.ts';
import { ProxyProtocolError } from './proxy-protocol-error.ts';
import { parseSsl, parseTlvs, ProxyTlvType } from './proxy-tlv.ts';
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

/**
 * Reads the binary header of version 2 (PROXY protocol §2.2) from the first bytes of a connection,
 * of which as many as there are fit the signature. Returns undefined while more are needed; throws
 * a {@link ProxyProtocolError} at the first byte that can't be right, and for a header of more than
 * `maxBytes` in all.
 */
export function parseV2(bytes: Buffer, maxBytes: number): ParsedHeader | undefined {
  if (bytes.length <= V2_SIGNATURE.length) return undefined;
  const isLocal = parseCommand(bytes.readUInt8(12)) === V2_LOCAL;
  if (bytes.length === 13) return undefined;
  const family = V2_FAMILIES.find(({ code }) => code === bytes[13]);
  if (family === undefined && !isLocal) throw malformed('the family and protocol are not known');
  if (bytes.length < V2_FIXED_BYTES) return undefined;
  const blockBytes = bytes.readUInt16BE(14);
  const length = V2_FIXED_BYTES + blockBytes;
  if (length > maxBytes) {
    throw new ProxyProtocolError(
      'too-long',
      `The version 2 header has ${length} bytes; ${maxBytes} are allowed.`,
    );
  }
  if (!isLocal && family !== undefined && blockBytes < family.blockBytes) {
    throw malformed('the block is shorter than its addresses');
  }
  if (bytes.length < length) return undefined;
  return { header: headerOf(bytes.subarray(0, length), isLocal, family), length };
}

function parseCommand(byte: number): number {
  if (byte >>> 4 !== V2_VERSION) throw malformed('the version is not 2');
  const command = byte & 0x0f;
  if (command !== V2_LOCAL && command !== V2_PROXY) throw malformed('the command is neither LOCAL nor PROXY');
  return command;
}

function headerOf(bytes: Buffer, isLocal: boolean, family: V2Family | undefined): ProxyHeader {
  const block = bytes.subarray(V2_FIXED_BYTES);
  const extra = block.subarray(family?.blockBytes ?? block.length);
  if (isLocal || family === undefined || family.transport === 'UNKNOWN') {
    checkChecksum(bytes, tlvsIfAny(extra));
    return { version: 2, command: isLocal ? 'LOCAL' : 'PROXY', transport: 'UNKNOWN', tlvs: [] };
  }
  const tlvs = parseTlvs(extra);
  checkChecksum(bytes, tlvs);
  const [ssl] = tlvs.filter(({ type }) => type === ProxyTlvType.SSL).map(({ value }) => parseSsl(value));
  const { transport } = family;
  return { version: 2, command: 'PROXY', transport, ...endpoints(block, family), tlvs, ...(ssl && { ssl }) };
}

function endpoints(
  block: Buffer,
  { addressBytes, blockBytes }: V2Family,
): { source: SocketAddress; destination: SocketAddress } {
  const source = block.subarray(0, addressBytes);
  const destination = block.subarray(addressBytes, addressBytes * 2);
  if (addressBytes === UNIX_PATH_BYTES) {
    return { source: { path: pathOf(source) }, destination: { path: pathOf(destination) } };
  }
  const portsAt = blockBytes - 4;
  return {
    source: { host: ipText(source), port: block.readUInt16BE(portsAt) },
    destination: { host: ipText(destination), port: block.readUInt16BE(portsAt + 2) },
  };
}

function pathOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

// Without addresses the block is to be ignored, whatever is in it; a checksum that can be read still counts.
function tlvsIfAny(bytes: Buffer): ProxyTlv[] {
  try {
    return parseTlvs(bytes);
  } catch {
    return [];
  }
}

// §2.2.3: computed over the whole header with the checksum's own bytes as zeros.
function checkChecksum(bytes: Buffer, tlvs: readonly ProxyTlv[]): void {
  const checksums = tlvs.filter(({ type }) => type === ProxyTlvType.CRC32C);
  const [checksum] = checksums;
  if (checksum === undefined) return;
  const { value } = checksum;
  if (checksums.length > 1 || value.length !== 4) throw malformed('there is not one checksum of 4 bytes');
  if (crc32c(bytes, value.byteOffset - bytes.byteOffset) !== value.readUInt32BE(0)) {
    throw new ProxyProtocolError('checksum', 'The CRC-32C of the version 2 header is wrong.');
  }
}

function malformed(what: string): ProxyProtocolError {
  return new ProxyProtocolError('malformed', `The version 2 header is wrong: ${what}.`);
}
