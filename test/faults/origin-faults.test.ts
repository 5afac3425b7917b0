import { unreachableOrigin } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { answer, FaultBench, GET, statuses } from './fault-bench.ts';
import type { Fault } from './fault-bench.ts';

const COUNTED = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789';
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n';

interface Outcome {
  readonly status: number;
  /** The error of `Proxy-Status`; undefined where the response is the origin's. */
  readonly error?: string;
  readonly category: string;
  /** Envoy's, in the access log. */
  readonly flags: string | null;
}

const TERMINATED: Outcome = {
  status: 502,
  error: 'connection_terminated',
  category: 'FAILURE_ORIGIN_RESET_CONNECTION',
  flags: 'UC',
};
const MALFORMED: Outcome = {
  status: 502,
  error: 'http_protocol_error',
  category: 'FAILURE_ORIGIN',
  flags: 'UPE',
};
const SILENT: Outcome = {
  status: 504,
  error: 'http_response_timeout',
  category: 'FAILURE_ORIGIN_READ_TIMEOUT',
  flags: 'UT',
};
const PASSED: Outcome = { status: 200, category: 'SUCCESS', flags: null };

describe('an origin', () => {
  it.each<[string, Fault, Outcome, number]>([
    ['stays silent', () => {}, SILENT, 30_000],
    ['stays silent within the head', answer('HTTP/1.1 200 OK\r\nx: '), SILENT, 30_000],
    ['ends without an answer', (origin) => origin.finish(), TERMINATED, 0],
    ['closes without an answer', (origin) => origin.close(), TERMINATED, 0],
    ['resets without an answer', (origin) => origin.reset(), TERMINATED, 0],
    ['sends what is no response', answer('SSH-2.0-OpenSSH_9.6\r\n'), MALFORMED, 0],
    [
      'sends two framings',
      answer('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'),
      MALFORMED,
      0,
    ],
    [
      'sends a flood of interim responses',
      answer('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)),
      MALFORMED,
      0,
    ],
    ['sends a giant field', answer(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`), MALFORMED, 0],
    ['sends a giant head', answer(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(300)}\r\n`), MALFORMED, 0],
    ['sends a status line without end', answer(`HTTP/1.1 200 ${'y'.repeat(100_000)}`), MALFORMED, 0],
    ['sends more than it promised', answer(`${COUNTED}surplus`), PASSED, 0],
    ['sends two responses', answer(COUNTED + COUNTED), PASSED, 0],
    ['closes behind its answer', (origin) => origin.send(COUNTED).close(), PASSED, 0],
    ['resets behind its answer', (origin) => origin.send(COUNTED).reset(), PASSED, 0],
    [
      'sends its answer byte by byte',
      (origin) => [...COUNTED].forEach((byte) => origin.send(byte)),
      PASSED,
      0,
    ],
  ])('that %s costs its own request at most', async (_what, fault, outcome, waitMs) => {
    const bench = await FaultBench.open(fault);
    const client = bench.send(GET);
    if (waitMs > 0) {
      bench.gateway.advance(waitMs - 1);
      expect(statuses(client.received)).toEqual([]);
      bench.gateway.advance(1);
    }

    expect(statuses(client.received)).toEqual([outcome.status]);
    if (outcome.error === undefined) expect(client.received).toMatch(/\r\n\r\n0123456789$/);
    else
      expect(client.received).toMatch(new RegExp(`^proxy-status: sluice; error=${outcome.error}\r$`, 'im'));
    expect(bench.line).toMatchObject({
      status: outcome.status,
      statusCategory: outcome.category,
      responseFlags: outcome.flags,
    });
    bench.expectNextClean(client);
    client.close();
    bench.expectNothingLeft();
  });

  it('that refuses connections is a 502 for each request, and the client may go on', async () => {
    const bench = await FaultBench.before(unreachableOrigin);
    const client = bench.send(GET + GET);

    expect(statuses(client.received)).toEqual([502, 502]);
    expect(client.end).toBe('open');
    expect(bench.lines).toMatchObject([
      { status: 502, statusCategory: 'FAILURE_ORIGIN_CONNECTIVITY', responseFlags: 'UF' },
      { status: 502, statusCategory: 'FAILURE_ORIGIN_CONNECTIVITY', responseFlags: 'UF' },
    ]);
    client.close();
    bench.expectNothingLeft();
  });

  it('that dribbles its body is waited for as long as it says something', async () => {
    const bench = await FaultBench.open(answer(COUNTED.slice(0, -10)));
    const client = bench.send(GET);
    for (const byte of COUNTED.slice(-10)) {
      bench.gateway.advance(29_000);
      bench.origin?.origin.connections[0]?.send(byte);
    }

    expect(client.received).toMatch(/\r\n\r\n0123456789$/);
    client.close();
    bench.expectNothingLeft();
  });

  it('that dribbles its head has no more time for it than one that is silent', async () => {
    const bench = await FaultBench.open(() => {});
    const client = bench.send(GET);
    for (const byte of 'HTTP/1.1 ') {
      bench.gateway.advance(4_000);
      const [connection] = bench.origin?.origin.connections ?? [];
      if (connection !== undefined && !connection.isClosed) connection.send(byte);
    }

    expect(statuses(client.received)).toEqual([504]);
    client.close();
    bench.expectNothingLeft();
  });

  it('that stays silent within the body cuts the response, with a reset', async () => {
    const bench = await FaultBench.open(answer(COUNTED.slice(0, -5)));
    const client = bench.send(GET);
    bench.gateway.advance(30_000);

    expect(client.received).toMatch(/\r\n\r\n01234$/);
    expect(client.end).toBe('reset');
    expect(bench.line).toMatchObject({ status: 200, statusCategory: 'FAILURE_ORIGIN_READ_TIMEOUT' });
    bench.expectNextClean();
    bench.expectNothingLeft();
  });

  describe.each([
    ['a counted body', COUNTED],
    ['a chunked body', CHUNKED],
  ])('with %s', (_what, response) => {
    it.each<[string, Fault]>([
      ['ends', (origin) => origin.finish()],
      ['closes', (origin) => origin.close()],
      ['resets', (origin) => origin.reset()],
    ])('that %s after any byte of its answer never makes it look whole', async (_how, leave) => {
      let sent = 0;
      const bench = await FaultBench.open((origin) => {
        origin.send(response.slice(0, sent));
        leave(origin);
      });
      for (sent = 1; sent < response.length; sent++) {
        const client = bench.send(GET);
        const isHeadSent = sent >= response.indexOf('\r\n\r\n') + 4;

        expect(statuses(client.received), `after ${sent} bytes`).toEqual([isHeadSent ? 200 : 502]);
        expect(client.end, `after ${sent} bytes`).toBe(isHeadSent ? 'reset' : 'open');
        expect(client.received).not.toMatch(/0123456789$|\r\n0\r\n\r\n$/);
        expect(bench.lines.at(-1)?.['statusCategory']).toBe('FAILURE_ORIGIN_RESET_CONNECTION');
        bench.expectNextClean(client);
        client.close();
      }
      bench.expectNothingLeft();
    });
  });

  it('that answers before the request has ended is believed, and neither connection is used again', async () => {
    const bench = await FaultBench.open();
    const client = bench.send('POST /early HTTP/1.1\r\nHost: o.test\r\nContent-Length: 100\r\n\r\nabc');
    const [connection] = bench.origin?.origin.connections ?? [];
    connection?.send(COUNTED);

    expect(statuses(client.received)).toEqual([200]);
    expect(client.received).toMatch(/\r\nconnection: close\r\n/i);
    expect(connection?.end).not.toBe('open');
    client.send('x'.repeat(97));
    client.send(GET);
    expect(statuses(client.received)).toEqual([200]);
    bench.expectNextClean();
    client.close();
    bench.expectNothingLeft();
  });
});
