import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { expect, it } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.ts';
import { ReadingOrigin } from './reading-origin.ts';
import { referenceGateway } from './reference-gateway.ts';

const seen: WeakRef<object>[] = [];

@Filter({ type: 'inbound' })
class Watch implements InboundFilter {
  apply(request: HttpRequestMessage): void {
    seen.push(
      new WeakRef(request),
      new WeakRef(request.context),
      new WeakRef(request.inboundRequest.headers),
    );
  }
}

it('keeps nothing of the requests that an idle connection has had', async () => {
  const origin = new ReadingOrigin((_request, { wire }) => {
    wire.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  });
  const { gateway } = await referenceGateway(origin.origin, { filters: [Watch] });
  const client = gateway.connect();

  await client.request();
  await new Promise(setImmediate);
  collectGarbage();

  expect(client.isOpen).toBe(true);
  expect(seen.map((reference) => reference.deref())).toEqual([undefined, undefined, undefined]);
});
