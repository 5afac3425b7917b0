import type { HttpDecodeFailure } from './decode-failures.ts';

/** What an error number of llhttp within a head means, where it does not depend on the bytes. */
const HEAD_FAILURES: ReadonlyMap<number, HttpDecodeFailure> = new Map([
  [2, 'http1.bad_line_ending'],
  [3, 'http1.bad_line_ending'],
  // Llhttp reports both a second Content-Length and one beside a Transfer-Encoding in this way.
  [4, 'http1.conflicting_framing'],
  [7, 'http1.bad_target'],
  [8, 'http1.bad_request_line'],
  [9, 'http1.bad_version'],
  [10, 'http1.bad_field'],
  [11, 'http1.bad_content_length'],
  [13, 'http1.bad_status_line'],
  [15, 'http1.conflicting_framing'],
  [23, 'http1.bad_version'],
  [25, 'http1.bad_line_ending'],
]);

/** The reason for an error of the parser within a head. */
export function headFailureOf(errno: number): HttpDecodeFailure {
  return HEAD_FAILURES.get(errno) ?? 'http1.bad_field';
}
