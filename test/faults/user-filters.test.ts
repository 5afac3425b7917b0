import { HttpKind } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';
import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { Downstream, FilterClass, HttpRequestMessage, SessionContext, Upstream } from '@sluice/filters';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { answer, FaultBench, statuses } from './fault-bench.ts';

const POST = 'POST /fault HTTP/1.1\r\nHost: o.test\r\nContent-Length: 4\r\n\r\nbody';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

// While it is, the filter does what is wrong with it; else it is left out.
let isFaulty = true;

type Outcome = number | 'cut';

/** What a filter does wrong, and what a client gets for it by an inbound and an outbound filter. */
const FILTERS: readonly [string, object, Outcome?, Outcome?][] = [
  ['shouldFilter throws', { shouldFilter: () => isFaulty && fail() }],
  ['needsBodyBuffered throws', { needsBodyBuffered: fail }],
  ['apply throws', { apply: fail }],
  ['apply throws undefined', { apply: failWith(undefined) }],
  ['apply throws null', { apply: failWith(null) }],
  ['apply returns what is no message', { apply: () => ({ status: 200 }) }],
  ['apply rejects', { apply: () => Promise.reject(fault()) }],
  ['apply rejects with nothing', { apply: () => Promise.reject() }],
  ['apply never answers', { apply: () => new Promise(() => {}) }],
  ['then throws', { apply: () => thenable(fail) }],
  ['then throws once it has answered', { apply: () => thenable(answerAndFail) }, 200, 200],
  ['subscribe throws', { apply: () => ({ subscribe: fail }) }],
  ['an Observable fails', { apply: () => new Observable((to) => to.error(fault())) }],
  ['an Observable throws', { apply: () => new Observable(fail) }],
  ['an Observable fails after its first item', { apply: () => new Observable(nextAndFail) }, 200, 200],
  ['the end of an Observable throws', { apply: () => new Observable(endingBadly) }, 200, 200],
  ['unsubscribe throws', { apply: () => ({ subscribe: subscribedBadly }) }, 200, 200],
  ['processContentChunk throws', { processContentChunk: fail }, 500, 'cut'],
  ['processContentChunk returns what is no piece', { processContentChunk: () => 'text' }, 500, 'cut'],
  ['transformBody throws', { transformBody: fail }, 500, 500],
  ['transformBody returns nothing', { transformBody: () => undefined }, 500, 500],
  ['the pieces of transformBody throw', { transformBody: throwing }, 500, 'cut'],
  ['transformBody gives what is no piece', { transformBody: givingNumbers }, 500, 'cut'],
  ['a body is taken and never given', { transformBody: stuck }, 500, 'cut'],
];

describe.each(['inbound', 'outbound'] as const)('an %s filter', (type) => {
  it.each(FILTERS)(
    'whose %s costs its own request at most',
    async (_what, members, inbound = 500, outbound = 200) => {
      isFaulty = true;
      const bench = await FaultBench.open(answer(OK), { filters: [filterOf(type, members)] });
      const other = bench.send('GET /next HTTP/1.1\r\nHost: o.test\r\n');
      const client = bench.send(POST);
      await bench.gateway.settle();
      bench.gateway.advance(10_000);
      await bench.gateway.settle();

      const expected = type === 'inbound' ? inbound : outbound;
      expect(statuses(client.received)).toEqual(expected === 'cut' ? [200] : [expected]);
      if (expected === 'cut') expect(client.end).toBe('reset');
      expect(client.received.endsWith('\r\n\r\nok')).toBe(expected === 200);
      expect(bench.lines).toHaveLength(1);
      isFaulty = false;
      other.send('\r\n');
      expect(other.received).toMatch(/fresh$/);
      other.close();
      bench.expectNextClean(client);
      client.close();
      bench.expectNothingLeft();
    },
  );
});

/** What an endpoint does wrong, and the status for it. */
const ENDPOINTS: readonly (readonly [string, object, number])[] = [
  ['apply throws', { apply: fail }, 500],
  ['apply rejects', { apply: () => Promise.reject(fault()) }, 500],
  ['apply returns nothing', { apply: () => {} }, 500],
  ['apply never answers', { apply: () => new Promise(() => {}) }, 500],
  ['needsBodyBuffered throws', { needsBodyBuffered: fail, apply: () => {} }, 500],
  ['open throws', { open: fail }, 500],
  ['open throws when it has answered', { open: answeringAndFailing }, 200],
  ['content throws', { open: openedWith({ content: fail }) }, 500],
  ['flush throws', { open: openedWith({ flush: fail }) }, 200],
  ['downstreamWritabilityChanged throws', { open: openedWith({ downstreamWritabilityChanged: fail }) }, 200],
  ['end throws', { open: openedWith({ end: fail }) }, 200],
];

it.each(ENDPOINTS)('an endpoint whose %s costs its own request at most', async (_what, members, status) => {
  const endpoint = filterOf('endpoint', members);
  isFaulty = true;
  const choose = filterOf('inbound', {
    apply(_request: HttpRequestMessage, context: SessionContext) {
      context.endpoint = endpoint as never;
    },
  });
  const bench = await FaultBench.open(answer(OK), { filters: [choose, endpoint] });
  const client = bench.send(POST);
  await bench.gateway.settle();
  bench.gateway.advance(10_000);
  await bench.gateway.settle();

  expect(statuses(client.received).slice(0, 1)).toEqual([status]);
  expect(bench.lines).toHaveLength(1);
  isFaulty = false;
  bench.expectNextClean(client);
  client.close();
  bench.expectNothingLeft();
});

function filterOf(type: 'inbound' | 'outbound' | 'endpoint', members: object): FilterClass {
  const Faulty = class {
    constructor() {
      const own =
        type === 'endpoint' ? members : { apply: () => {}, shouldFilter: () => isFaulty, ...members };
      Object.assign(this, own);
    }
  };
  Filter({ type, name: `faulty-${type}` })(Faulty as never);
  return Faulty as unknown as FilterClass;
}

function fault(): Error {
  return new Error('a fault of the filter');
}

function fail(): never {
  throw fault();
}

function failWith(cause: unknown): () => never {
  return () => {
    throw cause;
  };
}

/** As some libraries have them in place of promises. */
function thenable(then: (resolve: () => void) => never): object {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is
  return Object.defineProperty({}, 'then', { value: then, enumerable: true });
}

function answerAndFail(resolve: () => void): never {
  resolve();
  throw fault();
}

function nextAndFail(to: { next(value: undefined): void; error(cause: unknown): void }): void {
  to.next(undefined);
  to.error(fault());
}

function endingBadly(to: { next(value: undefined): void }): () => never {
  to.next(undefined);
  return fail;
}

function subscribedBadly(to: { next(value: undefined): void }): { unsubscribe(): never } {
  queueMicrotask(() => to.next(undefined));
  return { unsubscribe: fail };
}

async function* throwing(): AsyncGenerator<HttpContent> {
  yield await Promise.reject<HttpContent>(fault());
}

async function* givingNumbers(): AsyncGenerator<number> {
  yield await Promise.resolve(7);
}

async function* stuck(_message: unknown, body: AsyncIterable<HttpContent>): AsyncGenerator<HttpContent> {
  for await (const piece of body) {
    await new Promise(() => {});
    yield piece;
  }
}

function answeringAndFailing(request: HttpRequestMessage, downstream: Downstream): never {
  respond(request, downstream);
  throw fault();
}

function openedWith(members: object) {
  return (request: HttpRequestMessage, downstream: Downstream): Upstream => {
    const upstream: Upstream = {
      content: (chunk) => void (chunk.kind === HttpKind.last && respond(request, downstream)),
      tunnel: () => {},
      endTunnel: () => {},
      flush: () => {},
      downstreamWritabilityChanged: () => {},
      end: () => {},
    };
    return Object.assign(upstream, members);
  };
}

function respond({ context }: HttpRequestMessage, downstream: Downstream): void {
  downstream.respond(HttpResponseMessage.make(context, { status: 200, body: 'ok' }));
  downstream.flush();
}
