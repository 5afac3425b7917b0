import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestCase } from '../case/request-case.ts';
import { Lane } from '../runner/lane.ts';
import { tryRequest, tryResponse } from '../runner/outcome.ts';
import { FEEDINGS } from '../wire/feeding.ts';
import { GET, requestCase, responseCase } from './fixtures.ts';
import { passThrough } from './pass-through.ts';

let lane: Lane;

// The proxy understands nothing, so a case that asks for judgement must fail on it.
beforeAll(async () => {
  lane = await Lane.open(passThrough, { deadlineMs: 250 });
});
afterAll(() => lane.close());

describe('a request case', () => {
  it.each(FEEDINGS)('holds when bytes that may pass do pass: %s', async (feeding) => {
    const facts = { method: 'GET', target: '/', host: 'example.test', framing: 'none' } as const;

    expect(await failures({ forward: facts }, feeding)).toEqual([]);
  });

  it('holds when its body comes through in chunks of its own', async () => {
    const raw = 'POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';

    expect(await failures({ raw, forward: { body: 'hello', framing: 'any' } })).toEqual([]);
  });

  it('holds when a tunnel opens with the bytes sent early', async () => {
    const raw = `${GET.slice(0, -2)}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\nearly`;

    expect(await failures({ raw, upstream_behavior: '101-websocket', connection_after: 'any' })).toEqual([]);
  });

  it('fails when what must be refused is passed on', async () => {
    const raw = `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${GET}`;
    const found = await failures({ ...refusal, raw });

    expect(found).toContain('closed or stalled without a response');
    expect(found.some((failure) => failure.startsWith('origin saw malformed bytes'))).toBe(true);
  });

  it('fails when a request is smuggled', async () => {
    const raw = `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n`;

    expect(await failures({ ...refusal, raw })).toContain('origin saw /smuggled');
  });

  it('fails when half a request is left upstream', async () => {
    const raw = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhello';

    expect(await failures({ ...refusal, raw })).toContain('an unfinished request was left open upstream');
  });
});

describe('a response case', () => {
  it('holds when what may pass does pass, in one piece or byte by byte', async () => {
    const raw = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
    const testCase = responseCase({
      raw_response: raw,
      client_sees: { status: 200, body: 'hello', complete: true },
    });

    expect((await tryResponse(lane, testCase, 'whole')).failures).toEqual([]);
    expect((await tryResponse(lane, testCase, 'bytes')).failures).toEqual([]);
  });

  it('fails when what must be refused is passed on', async () => {
    const raw = 'HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n';
    const { failures: found } = await tryResponse(
      lane,
      responseCase({ raw_response: raw, expect: '502' }),
      'whole',
    );

    expect(found).toEqual(['response 999, not 502']);
  });

  it('fails when a connection that is spent stays open', async () => {
    const testCase = responseCase({
      raw_response: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
      upstream_reuse: false,
    });

    expect((await tryResponse(lane, testCase, 'whole')).failures).toEqual([
      'the upstream connection was not closed',
    ]);
  });

  it('holds when a cut response is cut for the client', async () => {
    const testCase = responseCase({
      raw_response: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok',
      upstream_end: 'fin',
      on_pass: 'abort',
      client_sees: { status: 200, complete: false },
    });

    expect((await tryResponse(lane, testCase, 'whole')).failures).toEqual([]);
  });
});

const refusal = {
  expect: 'reject',
  forward_count: 0,
  connection_after: 'close',
  expect_status: [400],
} as const;

async function failures(
  fields: Partial<RequestCase>,
  feeding: (typeof FEEDINGS)[number] = 'whole',
): Promise<readonly string[]> {
  return (await tryRequest(lane, requestCase(fields), feeding)).failures;
}
