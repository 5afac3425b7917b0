import { createHash } from 'node:crypto';
import { HttpContent, HttpHeaders, LastHttpContent } from '@sluice/codec-http';
import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter } from '@sluice/filters';

/** Sends a digest of the body behind it. Off but where a route turns `sign-body` on. */
@Filter({ type: 'outbound', name: 'sign-body', enabledByDefault: false })
export class SignBody implements OutboundFilter {
  apply(): void {}

  async *transformBody(
    _response: HttpResponseMessage,
    body: AsyncIterable<HttpContent>,
  ): AsyncGenerator<HttpContent> {
    const hash = createHash('sha256');
    for await (const { data } of body) {
      hash.update(data);
      if (data.length > 0) yield new HttpContent(data);
    }
    const digest = `sha-256=:${hash.digest('base64')}:`;
    yield new LastHttpContent(undefined, HttpHeaders.of([['content-digest', digest]]));
  }
}
