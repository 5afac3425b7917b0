import { countAllocatedParsers, HttpContent } from '@sluice/codec-http';
import { Filter, HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import type { FilterClass, HttpMessage, SessionContext } from '@sluice/filters';
import { fakeOrigin, testGateway } from '@sluice/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { statuses } from '../faults/fault-bench.ts';
import { cutAt, fuzz, PLACES } from './fuzz.ts';
import { REQUEST } from './message-grammar.ts';

/** What filters do, well or badly. */
const BEHAVIOURS = {
  pass: () => ({ apply: () => {} }),
  later: () => ({ apply: () => Promise.resolve() }),
  throws: () => ({
    apply: () => {
      throw new Error('a fault of the filter');
    },
  }),
  rejects: () => ({ apply: () => Promise.reject(new Error('a fault of the filter')) }),
  refuses: () => ({
    apply: () => {
      throw new HttpStatusError(418, 'No.');
    },
  }),
  answers: () => ({
    apply: (_message: HttpMessage, context: SessionContext) => {
      context.staticResponse = HttpResponseMessage.make(context, { status: 203, body: 'static' });
    },
  }),
  replacesBody: () => ({ apply: (message: HttpMessage) => message.setBody('replaced') }),
  buffers: () => ({ needsBodyBuffered: () => true, apply: () => {} }),
  stops: () => ({
    apply: (_message: HttpMessage, context: SessionContext) => {
      context.stopFilterProcessing = true;
    },
  }),
  keepsPieces: () => ({
    apply: () => {},
    processContentChunk: (_message: HttpMessage, chunk: HttpContent) => chunk,
  }),
  streams: () => ({
    apply: () => {},
    async *transformBody(_message: HttpMessage, body: AsyncIterable<HttpContent>) {
      yield* body;
    },
  }),
  neverAnswers: () => ({ apply: () => new Promise(() => {}) }),
  dropsPieces: () => ({ apply: () => {}, processContentChunk: () => undefined }),
  doublesPieces: () => ({
    apply: () => {},
    processContentChunk: (_message: HttpMessage, { data }: HttpContent) =>
      new HttpContent(Buffer.concat([data, data])),
  }),
  failsInPieces: () => ({
    apply: () => {},
    processContentChunk: () => {
      throw new Error('a fault of the filter');
    },
  }),
  hopes: () => ({
    shouldFilter: () => {
      throw new Error('a fault of the filter');
    },
    apply: () => {},
  }),
} as const;

/** Those that leave every body and every answer as it is. */
const NEUTRAL: readonly (keyof typeof BEHAVIOURS)[] = ['pass', 'later', 'buffers', 'keepsPieces', 'streams'];

const SEQUENCE = fc.array(
  fc.record({
    type: fc.constantFrom('inbound' as const, 'outbound' as const),
    behaviour: fc.constantFrom(...(Object.keys(BEHAVIOURS) as (keyof typeof BEHAVIOURS)[])),
  }),
  { maxLength: 5 },
);

it(
  'any sequence of filters gives one whole response or a cut one, and leaves nothing',
  { timeout: 3_600_000 },
  async () => {
    const parsers = countAllocatedParsers();
    await fuzz(fc.tuple(SEQUENCE, REQUEST, PLACES), async ([sequence, request, places]) => {
      const filters = sequence.map(({ type, behaviour }, at) => newFilter(type, behaviour, at));
      const gateway = await testGateway({
        filters,
        origins: { api: fakeOrigin({ body: 'from the origin' }) },
      });
      const client = gateway.connectRaw();
      for (const piece of cutAt(request.wire, places)) if (!client.isClosed) client.send(piece);
      await gateway.settle();
      // The default time of a filter, for each that never answers.
      for (const { behaviour } of sequence) {
        if (behaviour !== 'neverAnswers') continue;
        gateway.advance(10_000);
        await gateway.settle();
      }
      const { received, end } = client;
      client.close();
      gateway.advance(60_000);
      await gateway.settle();

      expect(statuses(received).length, received).toBe(end === 'reset' && received === '' ? 0 : 1);
      expect(gateway.gateway.connectionCount).toBe(0);
      expect(gateway.log.at('error')).toEqual([]);
      expect(gateway.log.at('warn')).not.toContain('A task of an event loop threw.');
      await gateway.stop();
      expect(gateway.clock.pendingTimers).toBe(0);
      expect(countAllocatedParsers()).toBe(parsers);
    });
  },
);

it(
  'any sequence of filters that change nothing forwards both bodies whole, in any pieces',
  { timeout: 3_600_000 },
  async () => {
    const neutral = fc.array(
      fc.record({
        type: fc.constantFrom('inbound' as const, 'outbound' as const),
        behaviour: fc.constantFrom(...NEUTRAL),
      }),
      { maxLength: 6 },
    );
    const body = fc.string({ unit: 'binary-ascii', maxLength: 3_000 });
    await fuzz(fc.tuple(neutral, body, body, PLACES), async ([sequence, sent, answered, places]) => {
      const filters = sequence.map(({ type, behaviour }, at) => newFilter(type, behaviour, at));
      const api = fakeOrigin({ body: answered });
      const gateway = await testGateway({ filters, origins: { api } });
      const client = gateway.connectRaw();
      const head = `POST / HTTP/1.1\r\nHost: o.test\r\nContent-Length: ${sent.length}\r\n\r\n`;
      for (const piece of cutAt(head + sent, places)) client.send(piece);
      await gateway.settle();

      expect(statuses(client.received)).toEqual([200]);
      expect(bodyOf(client.received)).toBe(answered);
      expect(api.requests.map(({ text }) => text)).toEqual([sent]);
      expect(client.end).toBe('open');
      client.close();
      await gateway.stop();
      expect(gateway.clock.pendingTimers).toBe(0);
    });
  },
);

/** The content of a response with a length or in chunks. */
function bodyOf(received: string): string {
  const at = received.indexOf('\r\n\r\n') + 4;
  const [head, rest] = [received.slice(0, at), received.slice(at)];
  if (!/transfer-encoding: chunked/i.test(head)) return rest;
  let body = '';
  for (let from = 0; ;) {
    const end = rest.indexOf('\r\n', from);
    const size = Number.parseInt(rest.slice(from, end), 16);
    if (size === 0 || Number.isNaN(size)) return body;
    body += rest.slice(end + 2, end + 2 + size);
    from = end + 2 + size + 2;
  }
}

function newFilter(
  type: 'inbound' | 'outbound',
  behaviour: keyof typeof BEHAVIOURS,
  at: number,
): FilterClass {
  const members = BEHAVIOURS[behaviour]();
  const FuzzFilter = class {
    constructor() {
      Object.assign(this, members);
    }
  };
  Filter({ type, name: `${behaviour}-${at}` })(FuzzFilter as never);
  return FuzzFilter as unknown as FilterClass;
}
