import { describe, expect, it } from 'vitest';
import type { ResponseCase } from '../case/response-case.ts';
import { judgeResponse } from '../judge/judge-response.ts';
import type { ResponseObservation } from '../judge/observation.ts';
import { clientSaw, GET, OK, originSaw, responseCase, responseSeen, strangeAnswer } from './fixtures.ts';

const BAD_GATEWAY = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\n\r\n';
const CUT = OK.slice(0, -1);

function failures(
  testCase: Partial<ResponseCase>,
  seen: Partial<ResponseObservation> = {},
): readonly string[] {
  return judgeResponse(responseCase(testCase), responseSeen(seen)).failures;
}

describe('a response that must be relayed', () => {
  it('holds when the client has it whole', () => {
    expect(failures({})).toEqual([]);
  });

  it.each<[string, Partial<ResponseObservation>, string]>([
    ['an error came', { client: clientSaw(BAD_GATEWAY) }, 'response 502, not 200'],
    ['nothing came', { client: clientSaw('') }, 'no response, not 200'],
    ['half of it came', { client: clientSaw(CUT, 'fin') }, 'the response is not complete'],
    ['another body came', { client: clientSaw(OK.replace('ok', 'no')) }, 'body "no", not "ok"'],
    ['two came', { client: clientSaw(OK + OK) }, 'a second response, 200'],
    ['the next request got another answer', { next: strangeAnswer }, 'the next request got 200 with "evil"'],
    [
      'interim responses had no end',
      { client: clientSaw(HINTS.repeat(40) + OK) },
      '40 interim responses were passed on',
    ],
  ])('fails when %s', (_, seen, failure) => {
    expect(failures({}, seen)).toContain(failure);
  });

  it.each<[string, NonNullable<ResponseCase['client_sees']>, string]>([
    ['version', { status: 200, complete: true, version: 'HTTP/1.0' }, 'status line "HTTP/1.1 200 OK"'],
    ['a field', { status: 200, complete: true, headers_present: ['x-a: 1'] }, 'client did not see "x-a: 1"'],
    [
      'no such field',
      { status: 200, complete: true, headers_absent: ['content-length'] },
      'client saw "content-length"',
    ],
    [
      'no such field in the head',
      { status: 200, complete: true, head_absent: ['content-length'] },
      'client saw "content-length"',
    ],
    [
      'how many',
      { status: 200, complete: true, header_count: { 'content-length': 2 } },
      'client saw content-length 1 times, not 2',
    ],
    ['no such bytes', { status: 200, complete: true, bytes_absent: ['ok'] }, 'client saw the bytes "ok"'],
    ['interim', { status: 200, complete: true, interim: [103] }, 'interim responses none, not 103'],
  ])('is compared: %s', (_, facts, failure) => {
    expect(failures({ client_sees: facts })).toEqual([failure]);
  });

  it('finds trailers and tunnels that may not be', () => {
    const facts = { status: 200, complete: true, trailers_absent: ['x-t'] };
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T: 1\r\n\r\n';

    expect(failures({ client_sees: facts }, { client: clientSaw(chunked) })).toEqual([
      'client saw trailer "x-t"',
    ]);
  });

  it('counts as refused under the hard bar when that is preferred', () => {
    expect(failures({ expect: 'either', prefer: '502' })).toEqual(['response 200, not 502']);
  });
});

describe('a response that must not be relayed', () => {
  const bad = { expect: '502', expect_status: [502, 504] } as const;

  it('holds when the client got one error instead, interim ones before it or not', () => {
    expect(failures(bad, { client: clientSaw(BAD_GATEWAY) })).toEqual([]);
    expect(failures(bad, { client: clientSaw(HINTS + BAD_GATEWAY) })).toEqual([]);
  });

  it('fails when it was relayed, dropped, or answered twice', () => {
    expect(failures(bad)).toEqual(['response 200, not 502 or 504']);
    expect(failures(bad, { client: clientSaw('', 'fin') })).toEqual(['no response, not 502 or 504']);
    expect(failures(bad, { client: clientSaw(BAD_GATEWAY + OK) })).toEqual(['a second response, 200']);
    expect(failures(bad, { client: clientSaw(BAD_GATEWAY.replace(': 0', ': 9')) })).toEqual([
      'the error response is not complete',
    ]);
  });
});

describe('a response cut short', () => {
  const cut = { on_pass: 'abort', client_sees: { status: 200, complete: false } } as const;

  it('holds when the client can tell', () => {
    expect(failures(cut, { client: clientSaw(CUT, 'fin') })).toEqual([]);
    expect(failures(cut, { client: clientSaw(CUT, 'rst') })).toEqual([]);
  });

  it('fails when it looks whole or hangs', () => {
    expect(failures(cut, { client: clientSaw(OK, 'fin') })).toEqual([
      'an incomplete response was shown as complete',
    ]);
    expect(failures(cut, { client: clientSaw(CUT) })).toEqual([
      'the connection was not closed after an incomplete response',
    ]);
    expect(failures(cut, { client: clientSaw('', 'fin') })).toEqual(['no response head was relayed']);
  });

  it('may become an error where the case says so, and says so', () => {
    const verdict = judgeResponse(
      responseCase({ ...cut, alt: '502' }),
      responseSeen({ client: clientSaw(BAD_GATEWAY) }),
    );

    expect(verdict).toEqual({ failures: [], notes: ['answered with the alternative "502"'] });
    expect(failures(cut, { client: clientSaw(BAD_GATEWAY) })).not.toEqual([]);
  });
});

describe('a tunnel', () => {
  const tunnel = {
    on_pass: 'tunnel',
    client_sees: { status: 101, complete: true, tunnel_bytes: 'hi' },
  } as const;
  const switching = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';

  it('carries the first bytes', () => {
    expect(failures(tunnel, { client: clientSaw(`${switching}hi`) })).toEqual([]);
    expect(failures(tunnel, { client: clientSaw(`${switching}h`) })).toEqual(['tunnel bytes "h", not "hi"']);
    expect(failures(tunnel)).toEqual(['response 200, not 101']);
  });
});

describe('the upstream connection', () => {
  const closed = [originSaw(GET, { isClosed: true })];

  it('must be closed and not used again where reuse is forbidden', () => {
    expect(failures({ upstream_reuse: false }, { spent: closed, nextConnections: [2] })).toEqual([]);
    expect(failures({ upstream_reuse: false }, { nextConnections: [2] })).toEqual([
      'the upstream connection was not closed',
    ]);
    expect(failures({ upstream_reuse: false }, { spent: closed })).toEqual([
      'the upstream connection was used again',
    ]);
  });

  it('is worth a note when it was wasted', () => {
    const verdict = judgeResponse(responseCase(), responseSeen({ spent: closed, nextConnections: [2] }));

    expect(verdict).toEqual({ failures: [], notes: ['the upstream connection could have been reused'] });
  });

  it('must not get a POST twice', () => {
    expect(failures({ request_method: 'POST' }, { timesForwarded: 2 })).toEqual([
      'the origin saw the POST 2 times',
    ]);
    expect(failures({}, { timesForwarded: 2 })).toEqual([]);
  });
});
