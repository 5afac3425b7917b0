import { HttpRequest, LastHttpContent } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import { ConnectionPool, originOptions, OriginResources, OriginServer } from '../src/index.ts';
import type { OriginOptions, PooledConnection } from '../src/index.ts';
import { ADDRESS, Asker, Borrower, bytes, embeddedConnector } from './support.ts';

const RESPONSE = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

interface Row {
  readonly when: string;
  readonly options?: Partial<OriginOptions>;
  /** Connections that are lent, that are ready, and requests that wait, before one more is asked for. */
  readonly lent?: number;
  readonly ready?: number;
  readonly waiting?: number;
  /** Requests that other servers of the origin have. */
  readonly elsewhere?: number;
  readonly outcome: 'lent' | 'waits' | 'refused';
  readonly connects: number;
  readonly counts?: string;
}

// The decision table of an acquire, in its order.
const DECISIONS: readonly Row[] = [
  { when: 'a connection is ready', ready: 1, outcome: 'lent', connects: 0 },
  { when: 'one is ready, others wait to be lent', ready: 2, lent: 1, outcome: 'lent', connects: 0 },
  {
    when: 'one is ready and the origin has as many requests as it may',
    options: { maxRequests: 1 },
    ready: 1,
    elsewhere: 1,
    outcome: 'refused',
    connects: 0,
    counts: 'requests.overflow',
  },
  {
    when: 'none is ready and the queue is full',
    options: { maxPendingRequests: 1 },
    waiting: 1,
    outcome: 'refused',
    connects: 0,
    counts: 'pending.overflow',
  },
  { when: 'none is ready', outcome: 'waits', connects: 1 },
  { when: 'others wait for one underway', waiting: 2, outcome: 'waits', connects: 1 },
  {
    when: 'there are as many connections as allowed',
    options: { maxConnections: 2 },
    lent: 2,
    outcome: 'waits',
    connects: 0,
    counts: 'connections.overflow',
  },
  {
    when: 'the server has as many as allowed',
    options: { maxConnectionsPerServer: 2 },
    lent: 1,
    waiting: 1,
    outcome: 'waits',
    connects: 0,
    counts: 'maxConnsPerHostExceeded',
  },
  {
    when: 'one and a half are wanted for each request',
    options: { preconnectRatio: 1.5 },
    lent: 1,
    outcome: 'waits',
    connects: 1,
  },
  {
    when: 'two are wanted for each request',
    options: { preconnectRatio: 2 },
    outcome: 'waits',
    connects: 2,
  },
];

describe('ConnectionPool.acquire', () => {
  it.each(DECISIONS)('when $when: $outcome, $connects connections begun', (row) => {
    const { ready = 0, lent = 0, waiting = 0, elsewhere = 0, options = {} } = row;
    const { pool, connector, resources } = poolWith(ready + lent, originOptions(options));
    for (let at = 0; at < lent; at++) ask(pool);
    for (let at = 0; at < waiting; at++) ask(pool);
    resources.requests += elsewhere;
    const before = connector.attempts.length;
    const asker = ask(pool);

    const outcome = asker.connection ? 'lent' : asker.error ? 'refused' : 'waits';
    expect([outcome, connector.attempts.length - before]).toEqual([row.outcome, row.connects]);
    const { pool: poolCounters, requests } = resources.metrics;
    const counter = Object.entries({ ...poolCounters, ...requests }).find(([name]) => name === row.counts);
    expect(counter?.[1].value).toBe(row.counts === undefined ? undefined : 1);
    if (outcome === 'refused') expect(asker.error).toMatchObject({ status: 503, flag: 'UO' });
  });

  it('makes a connection to a server that has none, whatever the other servers have', () => {
    const { pool, connector, resources } = poolWith(0, originOptions({ maxConnections: 1 }));
    resources.connections = 1;
    ask(pool);

    expect(connector.attempts).toHaveLength(1);
  });
});

describe('a request that takes no connection that has served before', () => {
  it('gets a new one, whatever is ready or given back meanwhile', () => {
    const { pool, connector } = poolWith(2, originOptions());
    const busy = ask(pool);
    const asker = askForFresh(pool);
    exchange(busy);
    connector.turn();
    expect([asker.outcomes, pool.readyCount]).toEqual([[], 2]);
    connector.attempt(2).succeed();

    expect(asker.connection?.channel).toBe(connector.attempt(2).channel);
    expect(pool.readyCount).toBe(2);
  });

  it('has the one closed for it that was unused for longest when there may be no more', () => {
    const { pool, connector } = poolWith(2, originOptions({ maxConnections: 2 }));
    askForFresh(pool);
    connector.turn();

    expect(connector.attempts).toHaveLength(3);
    expect([0, 1].map((at) => connector.attempt(at).channel.isOpen)).toEqual([false, true]);
  });

  it('waits behind all that are in use, and takes the place of the first that is given back', () => {
    const { pool, connector } = poolWith(1, originOptions({ maxConnections: 1 }));
    const busy = ask(pool);
    const asker = askForFresh(pool);
    expect(connector.attempts).toHaveLength(1);
    exchange(busy);
    connector.turn();
    connector.attempt(1).succeed();

    expect(asker.connection?.channel).toBe(connector.attempt(1).channel);
    expect(connector.attempt(0).channel.isOpen).toBe(false);
  });
});

describe('a connection', () => {
  it.each<[string, Partial<OriginOptions>, number]>([
    ['is not lent any more at its age', { maxConnectionAgeMs: 1000, connectionAgeJitterPercent: 0 }, 1000],
    ['of a pool with jitter goes earlier', { maxConnectionAgeMs: 1000, connectionAgeJitterPercent: 20 }, 900],
  ])('%s', (_what, options, ageMs) => {
    const { pool, connector, resources } = poolWith(1, originOptions({ ...options, idleTimeoutMs: 60_000 }));
    connector.clock.advance(ageMs - 1);
    expect(pool.readyCount).toBe(1);
    connector.clock.advance(1);
    connector.turn();

    expect(pool.size).toBe(0);
    expect(resources.metrics.pool.closeExpiredConnLifetime.value).toBe(1);
  });

  it('that is lent serves its request to the end however old it is', () => {
    const options = originOptions({ maxConnectionAgeMs: 1000 });
    const { pool, connector } = poolWith(1, options);
    const { connection } = ask(pool);
    connector.clock.advance(5000);
    expect(connection?.channel.isOpen).toBe(true);
    connection?.release();
    connector.turn();

    expect(connection?.channel.isOpen).toBe(false);
  });

  it('that was unused for longest goes when more are unused than are to be kept', () => {
    const { pool, connector, resources } = poolWith(3, originOptions({ maxIdleConnections: 2 }));
    connector.turn();

    expect(pool.readyCount).toBe(2);
    expect(connector.attempt(0).channel.isOpen).toBe(false);
    expect(resources.metrics.pool.closeAbovePoolHighWaterMark.value).toBe(1);
  });
});

describe('ConnectionPool.drain', () => {
  it('closes what is unused, and lets those that wait and those that are served end', () => {
    const { pool, connector, resources } = poolWith(2, originOptions({ maxConnectionsPerServer: 2 }));
    const [first, second] = [ask(pool), ask(pool)];
    const waiting = ask(pool);
    pool.drain();
    expect(ask(pool).error).toMatchObject({ reason: 'destination_unavailable' });
    exchange(first);
    connector.turn();
    expect(waiting.connection?.channel).toBe(first.connection?.channel);
    expect(pool.isDrained).toBe(false);
    for (const asker of [second, waiting]) exchange(asker);
    connector.turn();

    expect(pool.isDrained).toBe(true);
    expect(resources.connections).toBe(0);
    expect(resources.metrics.pool.closeCircuitBreaker.value).toBe(2);
  });
});

describe('the figures of a pool', () => {
  it('count what happens to connections, and come to rest', () => {
    const { pool, connector, resources } = poolWith(0, originOptions());
    const first = ask(pool);
    connector.attempt(0).succeed();
    exchange(first);
    connector.turn();
    const second = ask(pool);
    exchange(second, 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    const failed = ask(pool);
    connector.attempt(1).fail('ECONNREFUSED');
    connector.turn();

    const { metrics } = resources;
    const counted = Object.entries(metrics.pool).map(([name, { value }]) => [name, value]);
    expect(failed.error).toMatchObject({ reason: 'connection_refused' });
    expect(Object.fromEntries(counted.filter(([, value]) => value !== 0))).toEqual({
      request: 3,
      reuse: 1,
      release: 1,
      create: 2,
      create_success: 1,
      create_fail: 1,
      headerClose: 1,
      close: 1,
    });
    expect([metrics.inPool.value, metrics.inUse.value, metrics.pending.value]).toEqual([0, 0, 0]);
  });

  it.each([
    ['ENOTFOUND', 1],
    ['ECONNREFUSED', 0],
  ])('count a server whose name is not resolved: %s', (code, count) => {
    const { pool, connector, resources } = poolWith(0, originOptions());
    ask(pool);
    connector.attempt(0).fail(code);

    const { create_fail: failed, unresolvedDiscoveryHost: unresolved } = resources.metrics.pool;
    expect([failed.value, unresolved.value]).toEqual([1, count]);
  });

  it.each<[string, (connector: ReturnType<typeof embeddedConnector>) => void]>([
    ['inactive', (connector) => connector.attempt(0).channel.endInput()],
    ['error', (connector) => void connector.attempt(0).channel.writeInbound(bytes('surplus'))],
    ['idle', (connector) => connector.clock.advance(30_000)],
  ])('tell why an unused connection has gone: %s', (reason, go) => {
    const { connector, resources } = poolWith(1, originOptions());
    go(connector);
    connector.turn();

    const { pool, inPool } = resources.metrics;
    const reasons = Object.entries(pool).filter(([name, { value }]) => REASONS.has(name) && value > 0);
    expect(reasons.map(([name]) => name)).toEqual([reason]);
    expect(inPool.value).toBe(0);
  });
});

const REASONS: ReadonlySet<string> = new Set(['inactive', 'error', 'idle', 'sslClose', 'alreadyClosed']);

/** A pool with so many connections that are ready. */
function poolWith(ready: number, options: OriginOptions) {
  const connector = embeddedConnector();
  const resources = new OriginResources(options, connector.loop, { random: () => 0.5 });
  const pool = new ConnectionPool(new OriginServer(ADDRESS), connector, resources);
  const askers = Array.from({ length: ready }, () => ask(pool));
  for (const at of askers.keys()) connector.attempt(at).succeed();
  for (const asker of askers) exchange(asker);
  connector.turn();
  return { pool, connector, resources };
}

function ask(pool: ConnectionPool): Asker {
  const asker = new LendingAsker();
  pool.acquire(asker);
  return asker;
}

function askForFresh(pool: ConnectionPool): Asker {
  const asker = new LendingAsker();
  pool.acquire(Object.assign(asker, { needsFreshConnection: true }));
  return asker;
}

/** Uses the connection that it gets. */
class LendingAsker extends Asker {
  override onPoolReady(connection: PooledConnection): void {
    super.onPoolReady(connection);
    connection.lend(new Borrower());
  }
}

function exchange({ connection }: Asker, response = RESPONSE): void {
  if (connection === undefined) throw new Error('There is no connection.');
  connection.channel.writeAndFlush(new HttpRequest({ method: 'GET', target: '/', authority: 'a' }));
  connection.channel.writeAndFlush(LastHttpContent.EMPTY);
  connection.channel.pipeline.fireChannelRead(bytes(response));
  connection.release();
}
