import { LastHttpContent } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import type { RequestOutcome } from '../src/index.ts';
import { bytes, proxyTo } from './support.ts';

describe('what a server is told of a request', () => {
  it.each<[string, RequestOutcome, (exchange: ReturnType<typeof started>) => void]>([
    [
      'its status',
      503,
      ({ attempt }) => attempt.succeed().writeInbound(bytes('HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n')),
    ],
    ['that it could not be reached', 'connect_failure', ({ attempt }) => attempt.fail('ECONNREFUSED')],
    ['that it ended the connection', 'reset', ({ attempt }) => attempt.succeed().close()],
    [
      'that it ended the connection within a response',
      'reset',
      ({ attempt }) => {
        const channel = attempt.succeed();
        channel.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'));
        channel.close();
      },
    ],
    [
      'that it was silent',
      'timeout',
      ({ attempt, connector }) => {
        attempt.succeed();
        connector.clock.advance(20_000);
      },
    ],
    [
      'nothing, when it was never reached in the time for all tries',
      'none',
      ({ connector }) => connector.clock.advance(20_000),
    ],
    [
      'that its answer was malformed',
      'protocol_error',
      ({ attempt }) => attempt.succeed().writeInbound(bytes('SSH-2.0-OpenSSH_9.6\r\n')),
    ],
    ['nothing, when the client has gone', 'none', ({ upstream }) => upstream.end(false)],
    ['nothing, when the gateway is short of something', 'none', ({ attempt }) => attempt.fail('EMFILE')],
  ])('is %s, once', (_what, outcome, act) => {
    const exchange = started();
    expect(exchange.server?.activeRequests).toBe(1);
    act(exchange);
    exchange.connector.turn();

    expect(exchange.outcomes).toEqual([outcome]);
    expect(exchange.server?.activeRequests).toBe(0);
    expect(exchange.server?.stats.totalRequests).toBe(1);
  });
});

function started() {
  const { connector, origin, open } = proxyTo(
    { pendingTimeoutMs: 30_000 },
    { policy: { timeoutMs: 20_000 } },
  );
  const [server] = origin.servers;
  const outcomes: RequestOutcome[] = [];
  server?.stats.listen({ requestEnded: (outcome) => outcomes.push(outcome) });
  const { upstream } = open();
  upstream.content(LastHttpContent.EMPTY);
  return { connector, server, outcomes, upstream, attempt: connector.attempt(0) };
}
