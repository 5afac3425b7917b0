import type { HttpContent, LastHttpContent } from '../message/http-content.ts';
import type { HttpObject } from '../message/http-object.ts';

/**
 * Takes what a decoder finds, in the order of the wire: one head, any number of contents, one
 * last content. An interim response and a 101 are a head alone.
 *
 * A message that is refused in its head is a head with a `failure`, made up where nothing could
 * be decoded, and an empty last content; one that is refused later ends with a last content with
 * a `failure`.
 */
export interface HttpDecoderListener<Head extends HttpObject> {
  onHead(head: Head): void;
  onContent(content: HttpContent): void;
  onLast(last: LastHttpContent): void;
}
