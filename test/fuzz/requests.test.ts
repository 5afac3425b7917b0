import { countAllocatedParsers } from '@sluice/codec-http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequestLine } from '../conformance/wire/framing.ts';
import { statuses } from '../faults/fault-bench.ts';
import { ReadingOrigin } from '../in-memory/reading-origin.ts';
import { referenceGateway } from '../in-memory/reference-gateway.ts';
import { cutAt, fuzz, mutate, MUTATIONS, PLACES } from './fuzz.ts';
import { REQUEST } from './message-grammar.ts';

const TIMEOUT_MS = 3_600_000;

describe('requests', { timeout: TIMEOUT_MS }, () => {
  it('that are valid are forwarded once each, with the same framing and body, and answered in order', async () => {
    const bench = await openBench();

    await fuzz(fc.tuple(fc.array(REQUEST, { minLength: 1, maxLength: 3 }), PLACES), ([requests, places]) => {
      const { forwarded, received } = bench.feed(cutAt(requests.map(({ wire }) => wire).join(''), places));

      expect(
        forwarded.map(({ head, body, framing }) => ({ ...lineOf(head.startLine), framing, body })),
      ).toEqual(
        requests.map(({ method, target, body }) => ({
          method,
          target,
          framing: body.framing,
          body: body.content,
        })),
      );
      expect(tokens(received)).toEqual(forwarded.map((_, at) => at));
    });
  });

  it('whatever they are, arrive as whole messages or not, are answered once each, and leave nothing', async () => {
    const bench = await openBench();

    await fuzz(
      fc.tuple(fc.array(REQUEST, { minLength: 1, maxLength: 2 }), MUTATIONS, PLACES),
      ([requests, mutations, places]) => {
        const bytes = mutate(requests.map(({ wire }) => wire).join(''), mutations);
        const whole = bench.feed([bytes]);
        const pieces = bench.feed(cutAt(bytes, places));

        for (const { received, forwarded } of [whole, pieces]) {
          const final = statuses(received);
          expect(tokens(received)).toEqual(tokens(received).map((_, at) => at));
          // Each that was forwarded has its answer; what is refused is the last.
          expect(final.length).toBeGreaterThanOrEqual(forwarded.length);
          expect(final.findIndex((status) => status >= 400 && status !== 417) + 1 || final.length).toBe(
            final.length,
          );
        }
        expect(pieces.forwarded).toEqual(whole.forwarded);
        expect(statuses(pieces.received)).toEqual(statuses(whole.received));
      },
    );
  });
});

interface Fed {
  readonly received: string;
  readonly forwarded: ReadingOrigin['messages'];
}

interface Bench {
  /** Sends the pieces on a new connection, then its end, and waits until nothing is left of it. */
  feed(pieces: readonly string[]): Fed;
}

async function openBench(): Promise<Bench> {
  let token = 0;
  const origin = new ReadingOrigin(({ head }, { wire }) => {
    const body = head.startLine.startsWith('HEAD ') ? '' : 'ok';
    wire.send(`HTTP/1.1 200 OK\r\nX-Token: ${token++}\r\nContent-Length: 2\r\n\r\n${body}`);
  });
  const { gateway } = await referenceGateway(origin.origin);
  const parsers = countAllocatedParsers();
  const feed = (pieces: readonly string[]): Fed => {
    token = 0;
    origin.forget();
    const client = gateway.connectRaw();
    for (const piece of pieces) if (!client.isClosed) client.send(piece);
    if (!client.isClosed) client.finish();
    gateway.advance(120_000);
    expect(gateway.gateway.connectionCount).toBe(0);
    expect(gateway.clock.pendingTimers).toBe(0);
    expect(countAllocatedParsers()).toBe(parsers);
    expect(origin.malformed).toEqual([]);
    expect(gateway.log.at('error')).toEqual([]);
    expect(gateway.log.at('warn')).not.toContain('A task of an event loop threw.');
    gateway.log.entries.length = 0;
    return { received: client.received, forwarded: origin.messages.filter(({ complete }) => complete) };
  };
  return { feed };
}

function lineOf(startLine: string): { readonly method: string; readonly target: string } {
  const { method, target } = parseRequestLine(startLine);
  return { method, target };
}

/** The numbers that the origin has given its answers, as the client saw them. */
function tokens(received: string): readonly number[] {
  return [...received.matchAll(/^X-Token: (\d+)\r$/gm)].map(([, token]) => Number(token));
}
