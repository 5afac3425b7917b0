import { countAllocatedParsers } from '@sluice/codec-http';
import type { Wire } from '@sluice/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { responseFraming } from '../conformance/wire/framing.ts';
import { MessageReader } from '../conformance/wire/message-reader.ts';
import { FaultBench, GET, statuses } from '../faults/fault-bench.ts';
import { cutAt, fuzz, mutate, MUTATIONS, PLACES } from './fuzz.ts';
import { RESPONSE } from './message-grammar.ts';

const TIMEOUT_MS = 3_600_000;

describe('responses', { timeout: TIMEOUT_MS }, () => {
  it('that are valid are passed on whole, in any pieces', async () => {
    const bench = await openBench();

    await fuzz(fc.tuple(RESPONSE, PLACES), ([{ status, body, wire }, places]) => {
      const client = bench.feed(cutAt(wire, places), 'stay');
      const response = read(client).messages.find(({ head }) => !head.startLine.includes(' 103 '));

      expect(response).toMatchObject({ complete: true, body: body.content });
      expect(statuses(client.received)).toEqual([status]);
      expect(client.end).toBe('open');
      bench.close(client);
    });
  });

  it('whatever they are, give one response, never half of one as a whole, and harm no other', async () => {
    const bench = await openBench();

    await fuzz(
      fc.tuple(RESPONSE, MUTATIONS, PLACES, fc.constantFrom('stay', 'end', 'reset')),
      ([{ wire }, mutations, places, leave]) => {
        const client = bench.feed(cutAt(mutate(wire, mutations), places), leave);
        const reader = read(client);
        const final = reader.messages.filter(({ head }) => !head.startLine.startsWith('HTTP/1.1 1'));

        expect(reader.malformed).toBe(undefined);
        expect(final).toHaveLength(1);
        // What is not complete by its framing ends in a way that shows it.
        if (!final[0]?.complete) expect(client.end).toBe('reset');
        expect(client.received).not.toMatch(/smuggled\r?\n?HTTP/);
        bench.close(client);
      },
    );
  });
});

type Leaving = 'stay' | 'end' | 'reset';

interface Bench {
  /** Answers a request with these pieces; gives the client, which has what came of it. */
  feed(pieces: readonly string[], leave: Leaving): Wire;
  /** Takes the client away; the next requests are clean, and nothing is left. */
  close(client: Wire): void;
}

async function openBench(): Promise<Bench> {
  let pieces: readonly string[] = [];
  let leaving: Leaving = 'stay';
  const parsers = countAllocatedParsers();
  const bench = await FaultBench.open((origin) => {
    for (const piece of pieces) if (!origin.isClosed) origin.send(piece);
    if (origin.isClosed) return;
    if (leaving === 'end') origin.finish();
    if (leaving === 'reset') origin.reset();
  });
  return {
    feed(given, leave) {
      pieces = given;
      leaving = leave;
      const client = bench.send(GET);
      bench.gateway.advance(40_000);
      return client;
    },
    close(client) {
      bench.expectNextClean(client);
      client.close();
      bench.expectNothingLeft();
      expect(bench.gateway.clock.pendingTimers).toBe(0);
      expect(countAllocatedParsers()).toBe(parsers);
      bench.gateway.log.entries.length = 0;
    },
  };
}

function read({ receivedBytes, end }: Wire): MessageReader {
  const reader = new MessageReader({ framingOf: (head) => responseFraming(head, 'GET') });
  reader.push(receivedBytes);
  if (end === 'ended') reader.end();
  return reader;
}
