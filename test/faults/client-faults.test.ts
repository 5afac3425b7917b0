import type { Wire } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { answer, FaultBench, GET, statuses } from './fault-bench.ts';

const POST = 'POST /fault HTTP/1.1\r\nHost: o.test\r\nContent-Length: 1000\r\n\r\n';
const WHOLE =
  'POST /fault HTTP/1.1\r\nHost: o.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';

describe('a client', () => {
  it.each<[string, string, number, number]>([
    ['says nothing', '', 15_000, 0],
    ['stops within the head', 'GET / HTTP/1.1\r\nHo', 15_000, 408],
    ['stops before the body', POST, 5_000, 408],
    ['stops within the body', `${POST}abc`, 5_000, 408],
  ])('that %s is given up in time', async (_what, bytes, limitMs, status) => {
    const bench = await FaultBench.open();
    const client = bytes === '' ? bench.gateway.connectRaw() : bench.send(bytes);
    bench.gateway.advance(limitMs - 1);
    expect(client.end).toBe('open');
    bench.gateway.advance(1);

    expect(statuses(client.received)).toEqual(status === 0 ? [] : [status]);
    expect(client.end).toBe('ended');
    expect(bench.origin?.messages.filter(({ complete }) => complete)).toEqual([]);
    expect(bench.lines.map(({ status: logged }) => logged)).toEqual(status === 0 ? [] : [status]);
    bench.expectNextClean();
    bench.expectNothingLeft();
  });

  it.each<[string, string, string, number]>([
    ['its head', '', GET.slice(0, 20), 15_000],
    ['its body', POST, 'x'.repeat(100), 15_000],
  ])('that dribbles %s, a byte a second, is given up in time', async (_what, first, bytes, limitMs) => {
    const bench = await FaultBench.open();
    const client = bench.send(first + (bytes[0] ?? ''));
    for (const byte of bytes.slice(1)) {
      if (client.end !== 'open') break;
      bench.gateway.advance(1_000);
      client.send(byte);
    }
    expect(bench.gateway.clock.now()).toBeLessThanOrEqual(limitMs + 1_000);

    expect(statuses(client.received)).toEqual([408]);
    expect(bench.origin?.messages.filter(({ complete }) => complete)).toEqual([]);
    bench.expectNextClean();
    bench.expectNothingLeft();
  });

  it.each<[string, (client: Wire) => void]>([
    ['ends', (client) => client.finish()],
    ['closes', (client) => client.close()],
    ['resets', (client) => client.reset()],
  ])(
    'that %s after any byte of its request never has half of it taken for the whole',
    async (_how, leave) => {
      const bench = await FaultBench.open();
      for (let sent = 1; sent < WHOLE.length; sent++) {
        const client = bench.send(WHOLE.slice(0, sent));
        leave(client);

        expect(
          bench.origin?.messages.filter(({ complete }) => complete),
          `after ${sent} bytes`,
        ).toEqual([]);
        expect(
          statuses(client.received).every((status) => status === 400),
          `after ${sent} bytes`,
        ).toBe(true);
        client.close();
      }
      expect(bench.lines.every(({ statusCategory }) => String(statusCategory).startsWith('FAILURE_'))).toBe(
        true,
      );
      bench.expectNextClean();
      bench.expectNothingLeft();
    },
  );

  it.each<[string, string, number]>([
    ['a giant request line', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: o.test\r\n\r\n`, 414],
    ['a giant field', `GET / HTTP/1.1\r\nHost: o.test\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
    ['too many fields', `GET / HTTP/1.1\r\nHost: o.test\r\n${'x: y\r\n'.repeat(300)}\r\n`, 431],
    ['what is no request', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
  ])('that sends %s is refused, and nothing is forwarded', async (_what, bytes, status) => {
    const bench = await FaultBench.open();
    const client = bench.send(bytes);

    expect(statuses(client.received)).toEqual([status]);
    expect(client.end).toBe('ended');
    expect(bench.origin?.messages).toEqual([]);
    expect(bench.line).toMatchObject({
      status,
      statusCategory: 'FAILURE_CLIENT_BAD_REQUEST',
      responseFlags: 'DPE',
    });
    bench.expectNextClean();
    bench.expectNothingLeft();
  });

  it.each<[string, string, number[]]>([
    ['behind a length', `${POST.replace('1000', '3')}abcSURPLUS\r\n\r\n`, [200, 400]],
    ['behind the last chunk', `${WHOLE}SURPLUS\r\n\r\n`, [200, 400]],
    ['in a chunk', WHOLE.replace('abc', 'abcSURPLUS'), [400]],
    ['behind a request without a body', `${GET}abc\r\n\r\n`, [200, 400]],
  ])(
    'that sends more than it promised, %s, gets no answer for it but a refusal',
    async (_where, bytes, expected) => {
      const bench = await FaultBench.open();
      const client = bench.send(bytes);

      expect(statuses(client.received)).toEqual(expected);
      expect(client.end).toBe('ended');
      expect(bench.origin?.messages.filter(({ complete }) => complete).length).toBe(expected.length - 1);
      expect(bench.lines.at(-1)).toMatchObject({
        statusCategory: 'FAILURE_CLIENT_BAD_REQUEST',
        responseFlags: 'DPE',
      });
      bench.expectNextClean();
      bench.expectNothingLeft();
    },
  );

  it('that sends a thousand requests ahead gets their answers in order', async () => {
    let count = 0;
    const bench = await FaultBench.open((origin) => {
      const body = String(count++);
      origin.send(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    const client = bench.send(GET.repeat(1_000));
    const bodies = client.received.split(/HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\n/).slice(1);

    expect(bodies).toEqual(Array.from({ length: 1_000 }, (_, at) => String(at)));
    client.close();
    bench.expectNothingLeft();
  });

  it('that takes nothing stops its origin, and costs no more than what is on the way', async () => {
    const size = 8 * 1024 * 1024;
    const bench = await FaultBench.open(
      answer(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n${'x'.repeat(size)}`),
    );
    const client = bench.gateway.connectRaw();
    client.pause();
    client.send(GET);
    const [connection] = bench.origin?.origin.connections ?? [];

    expect(connection?.channel.pendingOutboundBytes).toBeGreaterThan(size - 1024 * 1024);
    client.resume();
    expect(client.receivedBytes.length).toBeGreaterThan(size);
    client.close();
    bench.expectNothingLeft();
  });

  it('that takes nothing of a response for 30 s is reset, and the origin is let go', async () => {
    const size = 8 * 1024 * 1024;
    const bench = await FaultBench.open(
      answer(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n${'x'.repeat(size)}`),
    );
    const client = bench.connect();
    client.pause();
    client.send(GET);
    bench.gateway.advance(29_999);
    expect(bench.gateway.gateway.connectionCount).toBe(1);
    // What the system takes is taken after the rest has begun to wait.
    bench.gateway.advance(3_001);

    expect(bench.gateway.gateway.connectionCount).toBe(0);
    expect(bench.origin?.origin.connections[0]?.end).not.toBe('open');
    expect(bench.line).toMatchObject({ status: 200, statusCategory: 'FAILURE_CLIENT_TIMEOUT' });
    bench.expectNextClean();
    bench.expectNothingLeft();
  });

  it.each<[string, (client: Wire) => void]>([
    ['closes', (client) => client.close()],
    ['resets', (client) => client.reset()],
  ])('that %s within the response takes the connection to the origin with it', async (_how, leave) => {
    const bench = await FaultBench.open(answer('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234'));
    const client = bench.send(GET);
    leave(client);
    bench.gateway.advance(1_000);
    const [connection] = bench.origin?.origin.connections ?? [];
    connection?.send('5');

    expect(connection?.end).not.toBe('open');
    expect(bench.line).toMatchObject({ statusCategory: 'FAILURE_CLIENT_CANCELLED', responseFlags: 'DC' });
    bench.expectNextClean();
    bench.expectNothingLeft();
  });
});
