import type { Wire } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { loadResponseCases } from '../conformance/case/case-files.ts';
import type { ResponseCase } from '../conformance/case/response-case.ts';
import { requestOf } from '../conformance/runner/origin-script.ts';
import { cut } from '../conformance/wire/feeding.ts';
import { ReadingOrigin } from '../in-memory/reading-origin.ts';
import { referenceGateway } from '../in-memory/reference-gateway.ts';
import { twoPartSplits } from './splits.ts';

const cases = loadResponseCases().filter(isSplittable);

describe('a response that is passed on gives the same at every two-part split', () => {
  it.each(cases.map((testCase) => [testCase.id, testCase] as const))(
    '%s',
    { timeout: 600_000 },
    async (_id, testCase) => {
      const { raw_response: raw } = testCase;
      const feed = await responseFeeder(testCase);
      const whole = feed([raw]);

      expect(feed(cut('bytes', raw, undefined).map((piece) => piece.toString('latin1')))).toEqual(whole);
      for (const at of twoPartSplits(raw)) {
        expect(feed([raw.slice(0, at), raw.slice(at)]), `cut at ${at}`).toEqual(whole);
      }
      expect(whole.received).toMatch(/^HTTP\/1\.1 /);
    },
  );
});

it('has cases to split', () => {
  expect(cases.length).toBeGreaterThan(20);
});

/** The others are about time, about a connection that nobody uses, or about requests that never end. */
function isSplittable(testCase: ResponseCase): boolean {
  const { expect: expected, prefer, chunk_delay_ms: delay, sent_while: sentWhile, request = '' } = testCase;
  return (prefer ?? expected) === 'pass' && delay === undefined && !sentWhile && !request.includes('(only');
}

interface ResponseResult {
  readonly received: string;
  readonly end: Wire['end'];
}

/** Lets an origin in memory answer with the response of a case, in any pieces. */
async function responseFeeder(
  testCase: ResponseCase,
): Promise<(pieces: readonly string[]) => ResponseResult> {
  let pieces: readonly string[] = [];
  const origin = new ReadingOrigin((_message, { wire, reader }) => {
    for (const piece of pieces) if (!wire.isClosed) wire.send(piece);
    if (testCase.raw_response.startsWith('HTTP/1.1 101')) reader.becomeTunnel();
    if (wire.isClosed) return;
    if (testCase.upstream_end === 'fin') wire.finish();
    if (testCase.upstream_end === 'rst') wire.reset();
  });
  const { gateway } = await referenceGateway(origin.origin);
  return (given) => {
    pieces = given;
    const client = gateway.connectRaw();
    client.send(requestOf(testCase));
    const { received, end } = client;
    client.close();
    return { received: joinedChunks(received), end };
  };
}

/** The chunks in which a body is passed on are those in which it came: that is all that may differ. */
function joinedChunks(received: string): string {
  const [head = '', ...rest] = received.split(/(?<=\r\n\r\n)(?=[0-9a-f]+\r\n)/);
  if (!/transfer-encoding: chunked/i.test(head)) return received;
  const text = rest.join('');
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    const size = /^(?<size>[0-9a-f]+)\r\n/.exec(text.slice(at))?.groups?.['size'];
    if (size === undefined) return `${head}${pieces.join('')} (cut) ${text.slice(at)}`;
    at += size.length + 2;
    if (Number.parseInt(size, 16) === 0) return `${head}${pieces.join('')} end ${text.slice(at)}`;
    pieces.push(text.slice(at, at + Number.parseInt(size, 16)));
    at += Number.parseInt(size, 16) + 2;
  }
}
