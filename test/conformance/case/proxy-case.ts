import type { Check, Checked } from './schema.ts';
import { bytes, count, either, flag, listOf, nothing, oneOf, pairOf, shape } from './schema.ts';

const proxyCase = shape(
  {
    id: bytes,
    hex: bytes,
    mode: oneOf('required', 'off'),
    source_trusted: flag,
    peer_end: oneOf('none', 'fin'),
    expect: oneOf('accept', 'reject', 'not-proxy'),
    why: bytes,
  },
  {
    version: oneOf(1, 2),
    command: oneOf('PROXY', 'LOCAL', 'UNKNOWN'),
    src: either(bytes, nothing),
    sport: either(count, nothing),
    dst: either(bytes, nothing),
    dport: either(count, nothing),
    leftover_hex: bytes,
    tlvs: listOf(pairOf(count, bytes)),
    alt: oneOf('accept', 'reject'),
    chunks_hex: listOf(bytes),
    reject_by: oneOf('parse', 'fin', 'timeout', 'trust', 'http'),
    decide_within_bytes: count,
  },
);

/** Bytes that open a connection on a listener with the PROXY protocol, and what its receiver may make of them. */
export type ProxyCase = Checked<typeof proxyCase>;

/** Reads a PROXY protocol case. */
export const checkProxyCase: Check<ProxyCase> = (value, path) => {
  const read = proxyCase(value, path);
  if (!/^(?:[0-9a-f]{2})*$/.test(read.hex)) throw new TypeError(`${path} (${read.id}): hex is not hex`);
  if (read.chunks_hex && read.chunks_hex.join('') !== read.hex) {
    throw new TypeError(`${path} (${read.id}): chunks_hex do not add up to hex`);
  }
  return read;
};
