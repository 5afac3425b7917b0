import type { DecoderLimits } from './decoder/decoder-limits.ts';
import { REQUEST_LIMIT_RANGES, REQUEST_LIMITS } from './decoder/decoder-limits.ts';

/** Options of the HttpServerCodec: what it takes from a client at most, and which protocols it may switch to. */
export class HttpServerCodecOptions implements DecoderLimits {
  static readonly ranges = REQUEST_LIMIT_RANGES;

  /** Bytes of a request line with its CRLF; more is a 414. */
  readonly maxRequestLineBytes: number = REQUEST_LIMITS.maxRequestLineBytes;
  /** Bytes of a head with its request line; more is a 431. */
  readonly maxHeadBytes: number = REQUEST_LIMITS.maxHeadBytes;
  /** Fields of a head; more is a 431. */
  readonly maxFields: number = REQUEST_LIMITS.maxFields;
  /** Bytes of chunk extensions in one request. */
  readonly maxChunkExtensionBytes: number = REQUEST_LIMITS.maxChunkExtensionBytes;
  /** Bytes of a trailer section. */
  readonly maxTrailerBytes: number = REQUEST_LIMITS.maxTrailerBytes;
  /** Fields of a trailer section. */
  readonly maxTrailers: number = REQUEST_LIMITS.maxTrailers;
  /** The protocols that a client may ask to switch to, in lower case; others are ignored. */
  readonly allowedUpgrades: readonly string[] = ['websocket'];
  /** The scheme of the connection; a target in absolute form must name it. */
  readonly scheme: 'http' | 'https' = 'http';
  /** Whether CONNECT is taken, for an endpoint that opens a tunnel; else it is a 501. */
  readonly allowConnect: boolean = false;
  /**
   * The host of a request of HTTP/1.0 without a Host field, which that version does not ask for: health checks of load balancers
   * come so. Default: none, and it is a 400, as it always is in HTTP/1.1.
   */
  readonly defaultHostForHttp10: string = '';
}
