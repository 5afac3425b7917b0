import { describe, expect, it } from 'vitest';
import type { ForwardFacts, RequestCase } from '../case/request-case.ts';
import { judgeRequest } from '../judge/judge-request.ts';
import type { RequestObservation } from '../judge/observation.ts';
import type { UpstreamRequest } from '../wire/origin-connection.ts';
import {
  BAD_REQUEST,
  clientSaw,
  GET,
  OK,
  originSaw,
  requestCase,
  requestSeen,
  strangeAnswer,
} from './fixtures.ts';

const refusal = {
  expect: 'reject',
  forward_count: 0,
  connection_after: 'close',
  expect_status: [400],
} as const;
const refused = { client: clientSaw(BAD_REQUEST, 'fin'), sameConnection: undefined, upstream: [] };
const POST = 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n';
const websocket = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';

function failures(testCase: Partial<RequestCase>, seen: Partial<RequestObservation>): readonly string[] {
  return judgeRequest(requestCase(testCase), requestSeen(seen)).failures;
}

function forwardFailures(forward: ForwardFacts, bytes: string): readonly string[] {
  return failures({ forward }, { upstream: [originSaw(bytes)] });
}

describe('a request that must be forwarded', () => {
  it('holds when it reached the origin and was answered', () => {
    expect(failures({}, {})).toEqual([]);
  });

  it('holds when its messages went out on several connections, the later one on the older', () => {
    const arrived = (target: string, connection: number, arrival: number) => {
      const record = originSaw(GET.replace('/', target), { connection });
      for (const request of record.requests) Object.assign(request, { arrival });
      return record;
    };
    const forward = { target: '/1' };
    const messages = [{ expect: 'accept' }, { expect: 'accept', forward: { target: '/2' } }] as const;
    const client = clientSaw(OK + OK);

    expect(
      failures(
        { raw: GET + GET, forward, messages, forward_count: 2 },
        { client, upstream: [arrived('/2', 1, 8), arrived('/1', 2, 7)] },
      ),
    ).toEqual([]);
  });

  it.each<[string, Partial<RequestObservation>, string]>([
    ['an error', { client: clientSaw(BAD_REQUEST) }, 'response 400, not 200'],
    ['no answer', { client: clientSaw('') }, 'no response'],
    ['a cut answer', { client: clientSaw(OK.slice(0, -1)) }, 'the response is not complete'],
    ['another body', { client: clientSaw(OK.replace('ok', 'no')) }, 'response body "no", not "ok"'],
    ['two answers', { client: clientSaw(OK + OK) }, 'more responses than messages: 200'],
    [
      'an answer that is not HTTP',
      { client: clientSaw('hello\r\n\r\n') },
      'the client saw malformed bytes: not a status line: "hello"',
    ],
    ['nothing at the origin', { upstream: [] }, 'the request did not reach the origin'],
    [
      'two requests at the origin',
      { upstream: [originSaw(GET + GET)] },
      'the origin saw more complete requests than it may: "GET / HTTP/1.1"',
    ],
    [
      'half a request left at the origin',
      { upstream: [originSaw(GET), originSaw('GET /2')] },
      'an unfinished request was left open upstream',
    ],
    [
      'two lengths at the origin',
      { upstream: [originSaw(GET), originSaw(`${POST.slice(0, -2)}Content-Length: 1\r\n\r\n`)] },
      'origin saw malformed bytes: more than one framing field: 1 | chunked',
    ],
    ['a closed connection', { client: clientSaw(OK, 'fin') }, 'the connection was not kept alive'],
    [
      'a lost request on the same connection',
      { sameConnection: strangeAnswer },
      'a request after it on the same connection got 200 with "evil"',
    ],
    [
      'a poisoned pool',
      { otherConnection: strangeAnswer },
      'a request after it on another connection got 200 with "evil"',
    ],
    [
      'a lost request in front of it',
      { preceding: strangeAnswer },
      'the request in front of it got 200 with "evil"',
    ],
  ])('fails on %s', (_, seen, failure) => {
    expect(failures({}, seen)).toContain(failure);
  });

  it('fails when the connection should have been closed, or was reset', () => {
    const closes = { connection_after: 'close' } as const;

    expect(failures(closes, { sameConnection: undefined })).toEqual(['the connection was not closed']);
    expect(failures(closes, { client: clientSaw(OK, 'rst') })).toEqual([
      'the connection was reset, with no FIN',
    ]);
    expect(failures(closes, { client: clientSaw(OK, 'fin') })).toEqual([]);
  });

  it('may be refused where that is safe, and says so', () => {
    const verdict = judgeRequest(requestCase({ safe_alt: 'reject' }), requestSeen(refused));

    expect(verdict).toEqual({ failures: [], notes: ['refused, which is safe here'] });
    expect(failures({ safe_alt: 'reject' }, { ...refused, upstream: [originSaw(GET)] })).not.toEqual([]);
  });

  it('is accepted under the hard bar when that is preferred', () => {
    expect(failures({ expect: 'either', prefer: 'accept' }, refused)).not.toEqual([]);
  });
});

describe('the facts about a forwarded request', () => {
  it.each<[string, ForwardFacts, string]>([
    ['method', { method: 'POST' }, 'origin saw method "GET", not "POST"'],
    ['target', { target: '/x' }, 'origin saw target "/", not "/x"'],
    ['version', { version: 'HTTP/1.0' }, 'origin saw version "HTTP/1.1", not "HTTP/1.0"'],
    ['host', { host: 'h' }, 'origin saw host "example.test", not "h"'],
    ['body', { body: 'hello' }, 'origin saw body "", not "hello"'],
    ['framing', { framing: 'any' }, 'origin saw no framing field'],
    ['a field', { headers_present: ['x-a'] }, 'origin did not see "x-a"'],
    ['a value', { headers_present: ['host: h'] }, 'origin did not see "host: h"'],
    ['no such field', { headers_absent: ['host'] }, 'origin saw "host"'],
    ['no such value', { header_values_absent: ['host: EXAMPLE.test'] }, 'origin saw "host: EXAMPLE.test"'],
    ['no such bytes', { bytes_absent: ['ple.t'] }, 'origin saw the bytes "ple.t"'],
  ])('are compared: %s', (_, facts, failure) => {
    expect(forwardFailures(facts, GET)).toEqual([failure]);
  });

  it('hold when they are so', () => {
    const facts: ForwardFacts = {
      method: 'GET',
      target: '/',
      version: 'HTTP/1.1',
      host: 'example.test',
      body: '',
      framing: 'none',
      headers_present: ['host: example.test'],
      headers_absent: ['x-a'],
      bytes_absent: ['x'.repeat(9)],
    };

    expect(forwardFailures(facts, GET)).toEqual([]);
  });

  it('find an unwanted value in a list', () => {
    const bytes = GET.replace('\r\n\r\n', '\r\nX-Forwarded-For: 6.6.6.6, 127.0.0.1\r\n\r\n');

    expect(forwardFailures({ header_values_absent: ['x-forwarded-for: 6.6.6.6'] }, bytes)).toHaveLength(1);
  });

  it('find trailers, and framing where none may be', () => {
    const bytes = `${POST}0\r\nX-T: 1\r\n\r\n`;

    expect(forwardFailures({ trailers_absent: ['x-t'], framing: 'none' }, bytes)).toEqual([
      'origin saw framing "chunked", not none',
      'origin saw trailer "x-t"',
    ]);
  });

  it('let a chunked body go on with a length, and not with both', () => {
    const facts: ForwardFacts = { framing: 'any', headers_absent: ['content-length'] };

    expect(forwardFailures(facts, 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n')).toEqual([]);
  });
});

describe('a request that must be refused', () => {
  it('holds when it got one error and a close', () => {
    expect(failures(refusal, refused)).toEqual([]);
    expect(
      failures({ ...refusal, expect: 'either', prefer: 'reject', connection_after: 'any' }, refused),
    ).toEqual([]);
  });

  it.each<[string, Partial<RequestObservation>, string]>([
    ['was answered by the origin', { client: clientSaw(OK, 'fin') }, 'response 200, not 400'],
    [
      'got another status',
      { client: clientSaw(BAD_REQUEST.replace('400', '500'), 'fin') },
      'response 500, not 400',
    ],
    ['got nothing', { client: clientSaw('', 'fin') }, 'closed or stalled without a response'],
    [
      'got two errors',
      { client: clientSaw(BAD_REQUEST + BAD_REQUEST, 'fin') },
      'more responses than messages: 400',
    ],
    ['left the connection open', { client: clientSaw(BAD_REQUEST) }, 'the connection was not closed'],
    [
      'reached the origin',
      { upstream: [originSaw(GET)] },
      'the origin saw more complete requests than it may: "GET / HTTP/1.1"',
    ],
    [
      'left half of it upstream',
      { upstream: [originSaw(POST)] },
      'an unfinished request was left open upstream',
    ],
    [
      'let a second one through',
      { upstream: [originSaw(`${POST}1\r\n/smuggled`, { isClosed: true })] },
      'origin saw /smuggled',
    ],
  ])('fails when it %s', (_, seen, failure) => {
    expect(failures(refusal, { ...refused, ...seen })).toContain(failure);
  });

  it('may have its head upstream when that connection is closed unfinished', () => {
    expect(failures(refusal, { ...refused, upstream: [originSaw(POST, { isClosed: true })] })).toEqual([]);
  });

  it('may be closed in silence only where the case says so', () => {
    const silent = { ...refused, client: clientSaw('', 'fin') };

    expect(failures({ ...refusal, silent_close_ok: true }, silent)).toEqual([]);
    expect(failures({ ...refusal, silent_close_ok: true }, { ...silent, client: clientSaw('') })).toEqual([
      'the connection was not closed',
    ]);
  });
});

describe('several messages', () => {
  const messages = [{ expect: 'accept' }, { expect: 'reject', expect_status: [400] }] as const;

  it('are judged in order', () => {
    const client = clientSaw(OK + BAD_REQUEST, 'fin');

    expect(failures({ messages }, { client, sameConnection: undefined })).toEqual([]);
    expect(failures({ messages }, { client: clientSaw(BAD_REQUEST + OK, 'fin') })).toEqual([
      'response 400, not 200',
      'response 200, not 400',
    ]);
  });

  it('must be answered in the order in which the origin answered', () => {
    const pair = { messages: [{ expect: 'accept' }, { expect: 'accept' }], forward_count: 2 } as const;
    const upstream = [originSaw(GET + GET)];

    expect(failures(pair, { client: clientSaw(numbered(1) + numbered(2)), upstream })).toEqual([]);
    expect(failures(pair, { client: clientSaw(numbered(2) + numbered(1)), upstream })).toEqual([
      'responses out of order: 2, 1',
    ]);
  });
});

describe('what only the notes of a case say', () => {
  it('lets a proxy answer OPTIONS * by itself', () => {
    const options = { id: 'base-014-options-star', forward: { target: '*' } };

    expect(failures(options, { upstream: [] })).toEqual([]);
    expect(failures({ ...options, id: 'other' }, { upstream: [] })).not.toEqual([]);
  });

  it('wants cookies in their order', () => {
    expect(failures({ id: 'base-023-cookie-twice' }, withCookies('a=1; b=2'))).toEqual([]);
    expect(failures({ id: 'base-023-cookie-twice' }, withCookies('b=2; a=1'))).toEqual([
      'origin saw cookie "b=2, a=1"',
    ]);
  });

  it('wants early bytes held back until the upgrade is decided', () => {
    const upstream = [originSaw(GET, { requests: originSaw(GET).requests.map(withEarlyBytes) })];

    expect(failures({ id: 'ue-010-early-data-200' }, { upstream })).toEqual([
      'bytes went upstream behind a request not yet answered',
    ]);
  });
});

describe('an upgrade', () => {
  const upgrade = {
    raw: `${GET}early`,
    upstream_behavior: '101-websocket',
    connection_after: 'any',
  } as const;

  it('carries early bytes once', () => {
    expect(failures(upgrade, { client: clientSaw(`${websocket}early`) })).toEqual([]);
    expect(failures(upgrade, { client: clientSaw(websocket) })).toEqual([
      'through the tunnel came "", not "early"',
    ]);
    expect(failures(upgrade, { client: clientSaw(`${websocket}earlyearly`) })).toHaveLength(1);
  });

  it('fails when it was not made', () => {
    expect(failures(upgrade, { client: clientSaw(OK) })).toContain('response 200, not 101');
  });
});

function numbered(number: number): string {
  return OK.replace('\r\n\r\n', `\r\nX-Origin-Sequence: ${number}\r\n\r\n`);
}

function withCookies(cookies: string): Partial<RequestObservation> {
  return { upstream: [originSaw(GET.replace('\r\n\r\n', `\r\nCookie: ${cookies}\r\n\r\n`))] };
}

function withEarlyBytes(request: UpstreamRequest): UpstreamRequest {
  return { ...request, earlyBytes: 'GET' };
}
