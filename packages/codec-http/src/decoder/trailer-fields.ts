import { latin1Slice } from '../grammar/latin1.ts';
import { HttpHeaders } from '../message/http-headers.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import type { FieldSection } from './field-section.ts';
import { SPAN_STRIDE } from './field-section.ts';
import { isDroppedTrailer, isFramingTrailer } from './forbidden-trailers.ts';

/**
 * Makes the trailers of a message from its trailer section, without the fields that have no
 * meaning there and those that the head's Connection field nominated. With `refuses`, a framing or
 * routing field makes the whole message refused.
 */
export function takeTrailers(
  section: FieldSection,
  bytes: Buffer,
  nominated: ReadonlySet<string> | undefined,
  refuses: boolean,
): HttpHeaders | HttpDecodeFailure {
  section.trimValues(bytes);
  const spans = section.copySpans();
  const kept: number[] = [];
  for (let i = 0; i < spans.length; i += SPAN_STRIDE) {
    const name = latin1Slice(bytes, spans[i], spans[i + 1]).toLowerCase();
    const isFraming = isFramingTrailer(name);
    if (isFraming && refuses) return 'http1.forbidden_trailer';
    if (isFraming || isDroppedTrailer(name) || nominated?.has(name) === true) continue;
    kept.push(...spans.slice(i, i + SPAN_STRIDE));
  }
  return new HttpHeaders(bytes, kept);
}
