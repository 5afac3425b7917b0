import type { OptionRanges } from '@sluice/inject';

/** What a decoder takes at most. */
export interface DecoderLimits {
  /** Bytes of a request line with its CRLF. Default: 8 KiB. Not used for responses. */
  readonly maxRequestLineBytes: number;
  /** Bytes of a head with its start line. Default: 32 KiB in requests, 64 KiB in responses. */
  readonly maxHeadBytes: number;
  /** Fields of a head. Default: 100 in requests, 256 in responses. */
  readonly maxFields: number;
  /** Bytes of chunk extensions in one message. Default: 16 KiB. */
  readonly maxChunkExtensionBytes: number;
  /** Bytes of a trailer section. Default: 16 KiB. */
  readonly maxTrailerBytes: number;
  /** Fields of a trailer section. Default: 100. */
  readonly maxTrailers: number;
}

export const REQUEST_LIMITS: DecoderLimits = Object.freeze({
  maxRequestLineBytes: 8 * 1024,
  maxHeadBytes: 32 * 1024,
  maxFields: 100,
  maxChunkExtensionBytes: 16 * 1024,
  maxTrailerBytes: 16 * 1024,
  maxTrailers: 100,
});

export const RESPONSE_LIMITS: DecoderLimits = Object.freeze({
  ...REQUEST_LIMITS,
  maxHeadBytes: 64 * 1024,
  maxFields: 256,
});

/** No limit of a request can be set higher: beyond it a client would decide what a request costs. */
export const REQUEST_LIMIT_RANGES: OptionRanges<DecoderLimits> = Object.freeze({
  maxRequestLineBytes: { least: 16, most: 32 * 1024 },
  maxHeadBytes: { least: 16, most: 64 * 1024 },
  maxFields: { least: 1, most: 256 },
  maxChunkExtensionBytes: { least: 0, most: 64 * 1024 },
  maxTrailerBytes: { least: 0, most: 64 * 1024 },
  maxTrailers: { least: 0, most: 256 },
});

/** The same for responses: a gateway trusts its origins with no more than that. */
export const RESPONSE_LIMIT_RANGES: OptionRanges<DecoderLimits> = Object.freeze({
  ...REQUEST_LIMIT_RANGES,
  maxHeadBytes: { least: 16, most: 256 * 1024 },
  maxFields: { least: 1, most: 1_024 },
});
