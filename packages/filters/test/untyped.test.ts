import type { HttpContent } from '@sluice/codec-http';
import type { FilterClass, InboundFilter, OutboundFilter } from '@sluice/filters';
import { LogRecorder } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { Client, GET, inbound, outbound, text } from './support.ts';

/** Members as JavaScript without types may have them. */
const untyped = (members: object): Partial<InboundFilter & OutboundFilter> => members;

describe('the error of a filter that gives something else than what is expected says what', () => {
  const later = { processContentChunk: (_response: unknown, chunk: HttpContent) => Promise.resolve(chunk) };

  it.each<[string, FilterClass, string]>([
    [
      'a number in a field',
      inbound({ apply: ({ headers }) => void headers.set('x-count', 5 as never) }),
      'The value of x-count must be a string, found number.',
    ],
    [
      'nothing in a field',
      inbound({ apply: ({ headers }) => void headers.set('x-count', undefined as never) }),
      'The value of x-count must be a string, found undefined.',
    ],
    [
      'an object as a body',
      inbound({ apply: (request) => request.setBody({ a: 1 } as never) }),
      'setBody takes a string or a Buffer, found Object.',
    ],
    [
      'a Promise of a piece',
      outbound(untyped(later)),
      'Expected an HttpContent from processContentChunk, found Promise.',
    ],
    [
      'bytes for a piece',
      outbound(untyped({ processContentChunk: () => Buffer.from('bytes') })),
      'Expected an HttpContent from processContentChunk, found Buffer.',
    ],
    [
      'a Promise of pieces',
      outbound(untyped({ transformBody: async () => {} })),
      'Expected an async iterable from transformBody, found Promise.',
    ],
    [
      'no pieces at all',
      outbound(untyped({ transformBody: () => {} })),
      'Expected an async iterable from transformBody, found undefined.',
    ],
    [
      'the name of an endpoint',
      inbound({ apply: (_request, context) => void (context.endpoint = 'proxy' as never) }),
      'context.endpoint, proxy, is not among the filters of the gateway. List its class there.',
    ],
  ])('%s', (_what, filter, message) => {
    const logger = new LogRecorder();
    new Client({ filters: [filter], endpoint: text('fine'), logger }).send(GET);

    expect(logger.entries.map(({ fields }) => (fields as { err?: Error }).err?.message)).toEqual([message]);
  });
});
