import { isIPv4 } from 'node:net';
import type { InetSocketAddress } from '@sluice/core';
import { canonicalIPv6, isPlainIPv6 } from './proxy-address.ts';
import type { ParsedHeader, ProxyHeader } from './proxy-header.ts';
import { ProxyProtocolError } from './proxy-protocol-error.ts';

const MAX_LINE_BYTES = 107;
const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const PREFIX = 'PROXY ';
const TRANSPORTS = ['TCP4 ', 'TCP6 '] as const;
const UNKNOWN = 'UNKNOWN';

/**
 * Reads the line of version 1 (PROXY protocol §2.1) from the first bytes of a connection, of which
 * as many as there are fit the keyword PROXY. Returns undefined while more are needed; throws a
 * {@link ProxyProtocolError} at the first byte that can't be right.
 */
export function parseV1(bytes: Buffer): ParsedHeader | undefined {
  if (bytes.length < PREFIX.length) return undefined;
  if (!startsWith(bytes, 0, PREFIX)) throw malformed('PROXY is not followed by a space');
  if (startsWith(bytes, PREFIX.length, UNKNOWN)) return parseUnknown(bytes);
  const transport = TRANSPORTS.find((name) => startsWith(bytes, PREFIX.length, name));
  if (transport === undefined) throw malformed('the transport is not TCP4, TCP6 or UNKNOWN');
  const start = PREFIX.length + transport.length;
  const end = endOfAddresses(bytes, start);
  if (end === undefined) return undefined;
  const fields = bytes.toString('latin1', start, end).split(' ');
  return { header: headerOf(transport === 'TCP4 ' ? 'TCP4' : 'TCP6', fields), length: end + 2 };
}

/** Whether the bytes from `at` on, as far as there are any, are those of the text. */
function startsWith(bytes: Buffer, at: number, text: string): boolean {
  const end = Math.min(bytes.length, at + text.length);
  return bytes.toString('latin1', at, end) === text.slice(0, Math.max(0, end - at));
}

// All up to the end of the line is to be ignored, whatever it is.
function parseUnknown(bytes: Buffer): ParsedHeader | undefined {
  const next = bytes[PREFIX.length + UNKNOWN.length];
  if (next !== undefined && next !== CR && next !== SP) throw malformed('the transport is not known');
  const end = bytes.subarray(0, MAX_LINE_BYTES).indexOf('\r\n');
  if (end < 0) return needMore(bytes);
  return { header: { version: 1, command: 'PROXY', transport: 'UNKNOWN', tlvs: [] }, length: end + 2 };
}

/** Where the CR of the line is, once its LF is there too. */
function endOfAddresses(bytes: Buffer, start: number): number | undefined {
  const limit = Math.min(bytes.length, MAX_LINE_BYTES);
  for (let at = start; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === CR) {
      if (at + 1 >= limit) break;
      if (bytes[at + 1] === LF) return at;
      throw malformed('CR is not followed by LF');
    }
    if (!isAddressByte(byte)) throw malformed('a byte has no place in an address or port');
  }
  return needMore(bytes);
}

function needMore(bytes: Buffer): undefined {
  if (bytes.length < MAX_LINE_BYTES) return undefined;
  throw new ProxyProtocolError('too-long', `No end of line within ${MAX_LINE_BYTES} bytes.`);
}

/** Digits, hex letters, dot, colon and space. */
function isAddressByte(byte: number): boolean {
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x3a) || (lower >= 0x61 && lower <= 0x66) || byte === 0x2e || byte === SP;
}

function headerOf(transport: 'TCP4' | 'TCP6', fields: readonly string[]): ProxyHeader {
  const [source = '', destination = '', sourcePort = '', destinationPort = ''] = fields;
  if (fields.length !== 4) throw malformed('there are not two addresses and two ports');
  return {
    version: 1,
    command: 'PROXY',
    transport,
    source: endpoint(transport, source, sourcePort),
    destination: endpoint(transport, destination, destinationPort),
    tlvs: [],
  };
}

function endpoint(transport: 'TCP4' | 'TCP6', host: string, port: string): InetSocketAddress {
  const isValid = transport === 'TCP4' ? isIPv4(host) : isPlainIPv6(host);
  if (!isValid) throw malformed(`an address is not one of ${transport}`);
  return { host: transport === 'TCP4' ? host : canonicalIPv6(host), port: parsePort(port) };
}

// 0 to 65535 in decimal, without sign or leading zero.
function parsePort(text: string): number {
  const port = Number(text);
  if (text.length > 5 || port > 0xffff || String(port) !== text) throw malformed('a port is not valid');
  return port;
}

function malformed(what: string): ProxyProtocolError {
  return new ProxyProtocolError('malformed', `The version 1 line is wrong: ${what}.`);
}
