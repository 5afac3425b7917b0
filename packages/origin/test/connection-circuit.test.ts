import { LastHttpContent } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import type { OriginOptions } from '../src/index.ts';
import { leftOf, NOTHING_LEFT, proxyTo } from './support.ts';
import type { Attempt, EmbeddedConnector } from './support.ts';

const BAD = '10.0.0.1';
const CONNECT = { method: 'CONNECT', target: 'db.test:5432', authority: 'db.test:5432' };

describe('a server that takes no connections', () => {
  it('gets no more requests after three connections that failed in a row', () => {
    const bench = twoServers();
    bench.trip();
    const before = bench.asked(BAD).length;
    for (let count = 0; count < 10; count++) bench.request();

    expect(bench.asked(BAD)).toHaveLength(before);
    expect(bench.bad).toMatchObject({ isHealthy: false, health: { isTripped: true } });
    expect(bench.metrics.pool.circuitTripped.value).toBe(1);
  });

  it('has a connection tried that no request waits for, after 10, 20, 30 and 30 s', () => {
    const bench = twoServers();
    bench.trip();

    for (const seconds of [10, 20, 30, 30]) {
      const before = bench.asked(BAD).length;
      bench.connector.clock.advance(seconds * 1000 - 1);
      expect(bench.asked(BAD)).toHaveLength(before);
      bench.connector.clock.advance(1);
      expect(bench.asked(BAD)).toHaveLength(before + 1);
      for (let count = 0; count < 4; count++) bench.request();
      expect(bench.asked(BAD)).toHaveLength(before + 1);
      bench.asked(BAD).at(-1)?.fail('ECONNREFUSED');
    }
    expect(bench.metrics.pool.circuitTripped.value).toBe(1);
  });

  it('gets requests again when that one is made, on that connection', () => {
    const bench = twoServers();
    bench.trip();
    bench.connector.clock.advance(10_000);
    const channel = bench.asked(BAD).at(-1)?.succeed();
    bench.connector.turn();
    const before = bench.asked(BAD).length;
    bench.request();
    bench.request();

    expect(bench.bad?.isHealthy).toBe(true);
    expect(channel?.readOutbound()).toBeDefined();
    expect(bench.asked(BAD)).toHaveLength(before);
  });

  it('is tripped for 10 s again when it fails later', () => {
    const bench = twoServers();
    bench.trip();
    bench.connector.clock.advance(10_000);
    bench.asked(BAD).at(-1)?.succeed().close();
    bench.trip();
    const before = bench.asked(BAD).length;
    bench.connector.clock.advance(10_000);

    expect(bench.asked(BAD)).toHaveLength(before + 1);
    expect(bench.metrics.pool.circuitTripped.value).toBe(2);
  });

  it('leaves no timer behind', () => {
    const bench = twoServers();
    bench.trip();

    expect(leftOf(bench)).toEqual(NOTHING_LEFT);
  });

  it('leaves none behind when it leaves its origin', () => {
    const bench = twoServers();
    bench.trip();
    bench.origin.setServers([{ host: '10.0.0.2', port: 80 }]);
    const before = bench.asked(BAD).length;
    bench.connector.clock.advance(60_000);

    expect(bench.asked(BAD)).toHaveLength(before);
  });

  it('is used nonetheless while no other server takes any', () => {
    const { connector, open, origin } = proxyTo();
    const ask = () => open().upstream.content(LastHttpContent.EMPTY);
    for (let count = 0; count < 5; count++) {
      ask();
      connector.attempts.at(-1)?.fail('ECONNREFUSED');
    }
    expect(origin.servers[0]?.isHealthy).toBe(false);
    ask();
    connector.attempts.at(-1)?.succeed();

    expect(connector.attempts).toHaveLength(6);
    expect(origin.servers[0]?.isHealthy).toBe(true);
  });

  it('is passed over also where so many take none that all servers would be used', () => {
    const bench = proxyTo({}, { servers: 4 });
    const well = '10.0.0.4';
    for (let count = 0; count < 24; count++) {
      bench.open().upstream.content(LastHttpContent.EMPTY);
      for (const attempt of pending(bench.connector)) if (hostOf(attempt) !== well) refuse(attempt);
    }
    const before = bench.connector.attempts.length;
    for (let count = 0; count < 8; count++) bench.open().upstream.content(LastHttpContent.EMPTY);

    expect(bench.origin.isInPanic).toBe(true);
    expect(new Set(bench.connector.attempts.slice(before).map(hostOf))).toEqual(new Set([well]));
  });
});

describe('a server keeps its requests', () => {
  it('when the connections that failed were not in a row', () => {
    const bench = twoServers();
    bench.fail(2);
    bench.connect().succeed().close();
    bench.fail(2);

    expect(bench.bad?.isHealthy).toBe(true);
  });

  it('when this side is short of something', () => {
    const bench = twoServers();
    bench.fail(5, 'EMFILE');

    expect(bench.bad?.isHealthy).toBe(true);
  });

  it('with a threshold of 0', () => {
    const bench = twoServers({ connectionFailureCountThreshold: 0 });
    bench.fail(9);

    expect(bench.bad?.isHealthy).toBe(true);
  });

  it('when clients give up their tunnels before there is a connection', () => {
    const { open, connector, origin } = proxyTo();
    for (let count = 0; count < 5; count++) open(CONNECT).upstream.end(false);
    connector.turn();

    expect(origin.servers[0]?.isHealthy).toBe(true);
  });
});

it('a tunnel tells of the connection too', () => {
  const { open, connector, origin } = proxyTo();
  for (let count = 0; count < 3; count++) {
    open(CONNECT);
    connector.attempts.at(-1)?.fail('ECONNREFUSED');
  }
  expect(origin.servers[0]?.isHealthy).toBe(false);
  open(CONNECT);
  connector.attempts.at(-1)?.succeed();

  expect(origin.servers[0]?.isHealthy).toBe(true);
});

/** Two servers; connections to the second are asked for and never made. */
function twoServers(options: Partial<OriginOptions> = {}) {
  const proxy = proxyTo(options, { servers: 2 });
  const { connector, origin, open } = proxy;
  const request = () => open().upstream.content(LastHttpContent.EMPTY);
  const asked = (host: string) => connector.attempts.filter((attempt) => hostOf(attempt) === host);
  /** Asks until the bad server is asked for a connection. */
  const connect = (): Attempt => {
    const before = asked(BAD).length;
    while (asked(BAD).length === before) request();
    const [attempt] = asked(BAD).slice(-1);
    if (attempt === undefined) throw new Error('No connection was asked for.');
    return attempt;
  };
  const fail = (times: number, code = 'ECONNREFUSED') => {
    for (let count = 0; count < times; count++) connect().fail(code);
  };
  const bad = origin.servers.find(({ name }) => name.startsWith(BAD));
  return { ...proxy, bad, request, asked, connect, fail, trip: () => fail(3) };
}

const DONE = new WeakSet<Attempt>();

function pending({ attempts }: EmbeddedConnector): Attempt[] {
  return attempts.filter((attempt) => !DONE.has(attempt));
}

function refuse(attempt: Attempt): void {
  DONE.add(attempt);
  attempt.fail('ECONNREFUSED');
}

function hostOf({ address }: Attempt): string {
  return 'host' in address ? address.host : '';
}
