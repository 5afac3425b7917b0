import type { HttpDecodeFailure } from './decode-failures.ts';

const MAX_DIGITS_THAT_NEED_NO_CHECK = 15;

/** Reads `1*DIGIT` (RFC 9110 §8.6) up to 2^53-1; leading zeros are allowed. A list is refused, even of equals. */
export function parseContentLength(bytes: Buffer, start: number, end: number): number | HttpDecodeFailure {
  if (start === end) return 'http1.bad_content_length';
  let length = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return 'http1.bad_content_length';
    length = length * 10 + digit;
  }
  if (end - start > MAX_DIGITS_THAT_NEED_NO_CHECK && length > Number.MAX_SAFE_INTEGER) {
    return 'http1.content_length_too_large';
  }
  return length;
}
