import { HttpResponse } from '@sluice/codec-http';
import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { EndpointClass, SessionContext, Upstream } from '@sluice/filters';
import { LogRecorder } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { Client, endpoint, far, GET, inbound, text } from './support.ts';

describe('a response whose body nobody sends', () => {
  const headAlone = (context: SessionContext): HttpResponseMessage =>
    new HttpResponseMessage(new HttpResponse({ status: 200 }), context);

  it('is an error of the endpoint that returns it', () => {
    const client = recorded({ endpoint: endpoint((_request, context) => headAlone(context)) });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
    expect(client.lines()).toEqual([
      expect.stringMatching(/ gave a response whose body nobody sends\. Make it by/),
    ]);
  });

  it('is an error as a static response', () => {
    const filters = [
      inbound({ apply: (_request, context) => void (context.staticResponse = headAlone(context)) }),
    ];
    const client = recorded({ filters });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
    expect(client.lines()).toEqual([
      expect.stringMatching(/^staticResponse gave a response whose body nobody sends/),
    ]);
  });

  it('is none that was given one', () => {
    const filled = endpoint((_request, context) => {
      const response = headAlone(context);
      response.setBody('filled');
      return response;
    });

    expect(new Client({ endpoint: filled }).send(GET)).toMatch(/^HTTP\/1.1 200 [^]*filled$/);
  });
});

it.each([
  ['shorter', 10, '8 bytes of the announced Content-Length are missing.'],
  ['longer', 1, 'The body is longer than the announced Content-Length.'],
])('a response whose body is %s than it has said is cut, and logged', (_what, contentLength, line) => {
  const { endpoint: streaming, sides } = far();
  const client = recorded({ endpoint: streaming });
  client.send(GET);
  sides[0]?.respond({ contentLength });
  sides[0]?.last('hi');

  expect(client.channel.isOpen).toBe(false);
  expect(client.lines()).toEqual([line]);
});

it.each<[string, unknown]>([
  ['an object', { status: 200, body: 'x' }],
  ['null', null],
])('a static response that is no message is an error, and is logged: %s', (_what, given) => {
  const filters = [inbound({ apply: (_request, context) => void (context.staticResponse = given as never) })];
  const client = recorded({ filters, endpoint: text('never') });

  expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
  expect(client.lines()).toEqual([expect.stringMatching(/^staticResponse gave no HttpResponseMessage\./)]);
});

describe('a streaming endpoint', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'a Promise',
      Promise.resolve(),
      /^open of Opening must return an Upstream at once, not a Promise of one:/,
    ],
    [
      'nothing',
      undefined,
      /^open of Opening must return an Upstream: it has no content, tunnel, endTunnel, flush,/,
    ],
    ['a part of it', { ...upstream(), flush: undefined }, /^open of Opening [^]* it has no flush\.$/],
  ])('must return an upstream: %s', (_what, given, message) => {
    const client = recorded({ endpoint: opening(given) });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 500 /);
    expect(client.lines()).toEqual([expect.stringMatching(message)]);
  });

  it('may take the methods of its upstream from a class', () => {
    const { endpoint: streaming, sides } = far();
    const client = new Client({ endpoint: streaming });
    client.send(GET);
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();

    expect(client.received()).toMatch(/^HTTP\/1.1 200 /);
  });
});

/** A client, and what is said of errors in its log. */
function recorded(settings: ConstructorParameters<typeof Client>[0]): Client & { lines(): string[] } {
  const logger = new LogRecorder();
  const lines = (): string[] =>
    logger.entries.map(({ fields }) => (fields as { err?: Error }).err?.message ?? '');
  return Object.assign(new Client({ ...settings, logger }), { lines });
}

function upstream(): Upstream {
  const ignore = (): void => {};
  return {
    content: ignore,
    tunnel: ignore,
    endTunnel: ignore,
    flush: ignore,
    downstreamWritabilityChanged: ignore,
    end: ignore,
  };
}

/** An endpoint as JavaScript without types may have it. */
function opening(given: unknown): EndpointClass {
  @Filter({ type: 'endpoint' })
  class Opening {
    open(): Upstream {
      return given as Upstream;
    }
  }
  return Opening;
}
