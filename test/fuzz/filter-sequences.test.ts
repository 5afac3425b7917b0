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
