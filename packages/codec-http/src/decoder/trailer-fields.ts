import { latin1Slice } from '../grammar/latin1.ts';
import { HttpHeaders } from '../message/http-headers.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import type { FieldSection } from './field-section.ts';
import { SPAN_STRIDE } from './field-section.ts';
import { isDroppedTrailer, isRefusedTrailer } from './forbidden-trailers.ts';

/**
 * Makes the trailers of a message from its trailer section, without the fields that have no
 * meaning there and those that the head's Connection field nominated.
 */
export function takeTrailers(
  section: FieldSection,
  bytes: Buffer,
  nominated: ReadonlySet<string> | undefined,
): HttpHeaders | HttpDecodeFailure {
  section.trimValues(bytes);
  const spans = section.spans;
  const kept: number[] = [];
  for (let i = 0; i < spans.length; i += SPAN_STRIDE) {
    const name = latin1Slice(bytes, spans[i], spans[i + 1]).toLowerCase();
    if (isRefusedTrailer(name)) return 'http1.forbidden_trailer';
    if (isDroppedTrailer(name) || nominated?.has(name) === true) continue;
    kept.push(...spans.slice(i, i + SPAN_STRIDE));
  }
  return new HttpHeaders(bytes, kept);
}
