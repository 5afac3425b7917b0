import { Buffer } from 'node:buffer';
import { parseV1 } from './parse-v1.ts';
import { parseV2 } from './parse-v2.ts';
import type { ProxyHeader } from './proxy-header.ts';
import { ProxyProtocolError } from './proxy-protocol-error.ts';
import { V2_SIGNATURE } from './proxy-v2-format.ts';

const V1_KEYWORD = Buffer.from('PROXY');
const NO_BYTES = Buffer.alloc(0);

/** What the first bytes of a connection begin: a header of version 1 or 2, perhaps one of them, or something else. */
export type ProxyDetection = 'v1' | 'v2' | 'need-more' | 'not-proxy';

/** A header that was read, and what came behind it. */
export interface DecodedProxyHeader {
  readonly header: ProxyHeader;
  /** The bytes after the header, which belong to the protocol behind. */
  readonly leftover: Buffer;
}

/** Tells by as few bytes as possible what a connection begins with. */
export function detectProxyProtocol(bytes: Buffer): ProxyDetection {
  if (bytes.length === 0) return 'need-more';
  for (const [prefix, version] of [
    [V1_KEYWORD, 'v1'],
    [V2_SIGNATURE, 'v2'],
  ] as const) {
    const length = Math.min(bytes.length, prefix.length);
    if (bytes.compare(prefix, 0, length, 0, length) === 0)
      return length < prefix.length ? 'need-more' : version;
  }
  return 'not-proxy';
}

/**
 * Reads the PROXY protocol header of one connection, in whatever pieces it comes. Each piece is
 * judged at once: what can't become a header any more is refused at the first byte that tells.
 */
export class ProxyProtocolDecoder {
  readonly #maxV2Bytes: number;
  #seen: Buffer = NO_BYTES;

  /** `maxV2Bytes`: the longest version 2 header taken, fixed part included. The version 1 line has at most 107 bytes. */
  constructor(maxV2Bytes: number) {
    this.#maxV2Bytes = maxV2Bytes;
  }

  /** Whether some bytes have come, but not yet a whole header. */
  get isWithinHeader(): boolean {
    return this.#seen.length > 0;
  }

  /** Takes the next bytes. Returns undefined while more are needed; throws a {@link ProxyProtocolError} to refuse. */
  decode(bytes: Buffer): DecodedProxyHeader | undefined {
    const seen = this.#seen.length === 0 ? bytes : Buffer.concat([this.#seen, bytes]);
    this.#seen = seen;
    const parsed = this.#parse(seen);
    if (parsed === undefined) return undefined;
    this.#seen = NO_BYTES;
    return { header: parsed.header, leftover: seen.subarray(parsed.length) };
  }

  #parse(bytes: Buffer): ReturnType<typeof parseV1> {
    const detection = detectProxyProtocol(bytes);
    if (detection === 'v1') return parseV1(bytes);
    if (detection === 'v2') return parseV2(bytes, this.#maxV2Bytes);
    if (detection === 'need-more') return undefined;
    throw new ProxyProtocolError('not-proxy', 'The connection does not begin with a PROXY protocol header.');
  }
}
