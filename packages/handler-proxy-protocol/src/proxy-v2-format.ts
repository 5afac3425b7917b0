import { Buffer } from 'node:buffer';
import type { ProxyTransport } from './proxy-header.ts';

// The binary header of version 2 (PROXY protocol §2.2): 12 bytes of signature, a byte of version and
// command, a byte of family and protocol, two bytes with the length of the block that follows: the
// addresses and ports, then the TLVs.

export const V2_SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
export const V2_FIXED_BYTES = 16;
export const V2_VERSION = 2;
export const V2_LOCAL = 0;
export const V2_PROXY = 1;
/** A Unix path is filled up with NULs to this length. */
export const UNIX_PATH_BYTES = 108;

export interface V2Family {
  readonly code: number;
  readonly transport: ProxyTransport;
  /** Length of one address: without its port. */
  readonly addressBytes: number;
  /** Length of the addresses and ports of both ends. */
  readonly blockBytes: number;
}

/** Every valid pair of family and protocol; the half-unspecified ones are refused. */
export const V2_FAMILIES: readonly V2Family[] = [
  { code: 0x00, transport: 'UNKNOWN', addressBytes: 0, blockBytes: 0 },
  { code: 0x11, transport: 'TCP4', addressBytes: 4, blockBytes: 12 },
  { code: 0x12, transport: 'UDP4', addressBytes: 4, blockBytes: 12 },
  { code: 0x21, transport: 'TCP6', addressBytes: 16, blockBytes: 36 },
  { code: 0x22, transport: 'UDP6', addressBytes: 16, blockBytes: 36 },
  { code: 0x31, transport: 'UNIX_STREAM', addressBytes: UNIX_PATH_BYTES, blockBytes: 216 },
  { code: 0x32, transport: 'UNIX_DGRAM', addressBytes: UNIX_PATH_BYTES, blockBytes: 216 },
];
