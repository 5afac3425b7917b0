import { describe, expect, it } from 'vitest';
import { HttpRequest, LastHttpContent } from '@sluice/codec-http';
import { ConnectionPool, originOptions, OriginResources, OriginServer } from '../src/index.ts';
import type { OriginOptions, PooledConnection } from '../src/index.ts';
import { ADDRESS, Asker, Borrower, bytes, embeddedConnector, originHandlers } from './support.ts';

const RESPONSE = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

describe('ConnectionPool.acquire', () => {
  it('connects for a request when no connection is ready', () => {
    const { pool, connector } = newPool();
    const asker = ask(pool);

    expect(pool.pendingCount).toBe(1);
    connector.attempt(0).succeed();

    expect(asker.connection?.channel).toBe(connector.attempt(0).channel);
    expect(pool.pendingCount).toBe(0);
  });

  it('gives the connection that was used last', () => {
    const { pool, connector } = newPool();
    const [first, second] = [ask(pool), ask(pool)];
    const [one, two] = [connector.attempt(0).succeed(), connector.attempt(1).succeed()];
    exchange(second.connection, two);
    exchange(first.connection, one);
    connector.turn();

    expect(ask(pool).connection?.channel).toBe(one);
    expect(ask(pool).connection?.channel).toBe(two);
    expect(connector.attempts).toHaveLength(2);
  });

  it('refuses with 503 when the queue is full', () => {
    const { pool } = newPool({ maxPendingRequests: 2 });
    ask(pool);
    ask(pool);

    expect(ask(pool).error).toMatchObject({ status: 503, reason: 'connection_limit_reached' });
    expect(pool.pendingCount).toBe(2);
  });

  it('makes no more connections than allowed; the next request waits for one of them', () => {
    const { pool, connector } = newPool({ maxConnections: 1 });
    const [first, second] = [ask(pool), ask(pool)];
    const channel = connector.attempt(0).succeed();

    expect(connector.attempts).toHaveLength(1);
    expect(second.outcomes).toEqual([]);
    exchange(first.connection, channel);
    connector.turn();

    expect(second.connection?.channel).toBe(channel);
    expect(pool.size).toBe(1);
  });

  it('fails the one whose part of it fails, and counts and serves on', () => {
    const { pool, connector, resources } = newPool({ maxConnections: 1 });
    const failures: unknown[] = [];
    pool.acquire({
      needsFreshConnection: false,
      onPoolReady() {
        throw new Error('no head');
      },
      onPoolFailure: (cause) => void failures.push(cause),
    });
    const other = ask(pool);
    connector.attempt(0).succeed();
    connector.turn();

    expect(failures).toEqual([new Error('no head')]);
    expect(other.outcomes).toEqual([]);
    const channel = connector.attempt(1).succeed();
    expect(other.connection?.channel).toBe(channel);
    expect([pool.size, resources.connections]).toEqual([1, 1]);
  });

  it('serves those who wait in the order in which they came', () => {
    const { pool, connector } = newPool({ maxConnections: 1 });
    const order: number[] = [];
    for (const number of [1, 2, 3]) {
      pool.acquire({
        onPoolReady: (connection) => {
          order.push(number);
          exchange(connection, connector.attempt(0).channel);
        },
        onPoolFailure: () => order.push(-number),
      });
    }
    connector.attempt(0).succeed();
    connector.turn();

    expect(order).toEqual([1, 2, 3]);
  });

  it('fails all who wait when connecting fails, each once, but not who asks again in that moment', () => {
    const { pool, connector } = newPool({ maxConnections: 1 });
    const again = new Asker();
    const [first, second] = [ask(pool), ask(pool)];
    first.onFailure = () => pool.acquire(again);
    connector.attempt(0).fail('ECONNREFUSED');

    expect(first.error).toMatchObject({ status: 502, reason: 'connection_refused' });
    expect(second.outcomes).toHaveLength(1);
    expect(again.outcomes).toEqual([]);
    connector.attempt(1).succeed();

    expect(again.connection?.channel).toBe(connector.attempt(1).channel);
  });

  it('forgets a request that is cancelled; the connection made for it is kept', () => {
    const { pool, connector } = newPool();
    const asker = ask(pool);
    pool.cancel(asker);
    connector.attempt(0).succeed();

    expect(asker.outcomes).toEqual([]);
    expect(pool.readyCount).toBe(1);
    expect(ask(pool).connection?.channel).toBe(connector.attempt(0).channel);
  });

  it('lets a request wait for so long and no longer', () => {
    const { pool, connector } = newPool({ maxConnections: 1, pendingTimeoutMs: 500 });
    ask(pool);
    connector.attempt(0).succeed();
    const early = ask(pool);
    connector.clock.advance(200);
    const late = ask(pool);
    connector.clock.advance(299);
    expect(early.outcomes).toEqual([]);
    connector.clock.advance(1);

    expect(early.error).toMatchObject({ status: 503, reason: 'connection_limit_reached' });
    expect(late.outcomes).toEqual([]);
    connector.clock.advance(200);
    expect(late.error).toMatchObject({ status: 503 });
  });

  it('has been too slow, and not at its limit, for one who waits while a connection is made', () => {
    const { pool, connector } = newPool({ maxConnections: 1, pendingTimeoutMs: 500 });
    const [first, second] = [ask(pool), ask(pool)];
    connector.clock.advance(500);

    expect(first.error).toMatchObject({ status: 504, reason: 'connection_timeout' });
    expect(second.error).toMatchObject({ status: 503, reason: 'connection_limit_reached' });
  });

  it('keeps no timer for those who wait once nobody does', () => {
    const { pool, connector } = newPool();
    const asker = ask(pool);
    expect(connector.clock.pendingTimers).toBe(1);
    pool.cancel(asker);

    expect(connector.clock.pendingTimers).toBe(0);
  });

  it('makes another connection when one is lost while requests wait', () => {
    const { pool, connector } = newPool({ maxConnections: 1 });
    ask(pool);
    const waiting = ask(pool);
    connector.attempt(0).succeed().close();
    connector.turn();
    connector.attempt(1).succeed();

    expect(waiting.connection?.channel).toBe(connector.attempt(1).channel);
  });

  it('fails who waits when the origin handlers lack one that the pool needs', () => {
    const { pool, connector } = newPool();
    connector.handlers = () => originHandlers().slice(0, 2);
    const asker = ask(pool);
    const channel = connector.attempt(0).succeed();

    expect(asker.error).toEqual(new TypeError('The origin handlers need ConnectionPoolHandler.'));
    expect(channel.isOpen).toBe(false);
    expect(pool.size).toBe(0);
  });
});

describe('a connection that is given back', () => {
  it('serves no request before the next turn of the loop', () => {
    const { pool, connector, channel, connection } = connected();
    exchange(connection, channel);
    const next = ask(pool);

    expect(next.outcomes).toEqual([]);
    connector.turn();

    expect(next.connection?.channel).toBe(channel);
    expect(connector.attempts).toHaveLength(1);
  });

  it('is replaced when its end comes right behind the response and a request counts on it', () => {
    const { pool, connector, channel, connection } = connected();
    exchange(connection, channel);
    const next = ask(pool);
    channel.endInput();
    connector.turn();

    expect(next.outcomes).toEqual([]);
    connector.attempt(1).succeed();
    expect(next.connection?.channel).toBe(connector.attempt(1).channel);
  });

  it.each([
    ['bytes follow the response', `${RESPONSE}HTTP/1.1 200 OK\r\n`],
    ['the response says close', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'],
    ['the response is HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ])('is closed when %s', (_when, response) => {
    const { pool, connector, channel, connection } = connected();
    exchange(connection, channel, response);
    connector.turn();

    expect(channel.isOpen).toBe(false);
    expect(pool.size).toBe(0);
  });

  it('is counted out once, also when a handler tells its end a second time', () => {
    const { pool, channel } = connected();
    channel.pipeline.fireChannelInactive();
    channel.pipeline.fireChannelInactive();

    expect(pool.size).toBe(0);
  });

  it('is closed when bytes arrive between the response and the next turn', () => {
    const { pool, connector, channel, connection } = connected();
    exchange(connection, channel);
    channel.writeInbound(bytes('surplus'));
    connector.turn();

    expect(channel.isOpen).toBe(false);
    expect(pool.readyCount).toBe(0);
  });

  it('is closed when the request was not sent whole', () => {
    const { connector, channel, connection } = connected();
    const borrower = new Borrower();
    connection.lend(borrower);
    channel.write(new HttpRequest({ method: 'POST', target: '/', authority: 'a', contentLength: 5 }));
    channel.writeInbound(bytes(RESPONSE));
    connection.release();
    connector.turn();

    expect(channel.isOpen).toBe(false);
  });

  it('is closed after as many requests as allowed', () => {
    const { pool, connector, channel, connection } = connected({ maxRequestsPerConnection: 2 });
    exchange(connection, channel);
    connector.turn();
    expect(pool.readyCount).toBe(1);
    exchange(ask(pool).connection, channel);
    connector.turn();

    expect(channel.isOpen).toBe(false);
  });

  it('is closed when nobody asks for it for the idle time, counted from the end of its last response', () => {
    const { pool, connector, channel, connection } = connected({
      idleTimeoutMs: 1000,
      responseTimeoutMs: 60_000,
    });
    const borrower = new Borrower();
    connection.lend(borrower);
    connector.clock.advance(5300);
    answer(connection, channel);
    connector.turn();
    connector.clock.advance(999);
    expect(pool.readyCount).toBe(1);
    connector.clock.advance(1);
    connector.turn();

    expect(channel.isOpen).toBe(false);
    expect(pool.size).toBe(0);
    expect(connector.clock.pendingTimers).toBe(0);
  });

  it('leaves the pool when the server ends it', () => {
    const { pool, connector, channel, connection } = connected();
    exchange(connection, channel);
    connector.turn();
    channel.endInput();
    connector.turn();

    expect(pool.readyCount).toBe(0);
    expect(pool.size).toBe(0);
  });
});

describe('ConnectionPool.close', () => {
  it('gives up what is being connected and fails those who wait', () => {
    const { pool, connector } = newPool();
    const asker = ask(pool);
    pool.close();

    expect(asker.error).toMatchObject({ status: 503, reason: 'destination_unavailable' });
    expect(connector.attempt(0).channel.isOpen).toBe(false);
    expect(pool.size).toBe(0);
    expect(connector.clock.pendingTimers).toBe(0);
  });

  it('closes what is free now, and what is in use when it is given back', () => {
    const { pool, connector } = newPool();
    const [first, second] = [ask(pool), ask(pool)];
    const [one, two] = [connector.attempt(0).succeed(), connector.attempt(1).succeed()];
    exchange(first.connection, one);
    connector.turn();
    second.connection?.lend(new Borrower());
    pool.close();

    expect([one.isOpen, two.isOpen]).toEqual([false, true]);
    second.connection?.release();
    connector.turn();
    expect(two.isOpen).toBe(false);
    expect(pool.size).toBe(0);
    expect(connector.clock.pendingTimers).toBe(0);
  });

  it('refuses every request from then on', () => {
    const { pool, connector } = newPool();
    pool.close();

    expect(ask(pool).error).toMatchObject({ status: 503, reason: 'destination_unavailable' });
    expect(connector.attempts).toHaveLength(0);
  });
});

function newPool(options: Partial<OriginOptions> = {}) {
  const connector = embeddedConnector();
  const server = new OriginServer(ADDRESS);
  const resources = new OriginResources(originOptions(options), connector.loop);
  const pool = new ConnectionPool(server, connector, resources);
  return { pool, connector, resources };
}

function ask(pool: ConnectionPool): Asker {
  const asker = new Asker();
  pool.acquire(asker);
  return asker;
}

/** A pool with one connection that somebody has. */
function connected(options: Partial<OriginOptions> = {}) {
  const { pool, connector, resources } = newPool(options);
  const asker = ask(pool);
  const channel = connector.attempt(0).succeed();
  const { connection } = asker;
  if (connection === undefined) throw new Error('There is no connection.');
  return { pool, connector, resources, channel, connection };
}

type Channel = ReturnType<typeof connected>['channel'];

/** One request, its response, and the connection is given back. */
function exchange(connection: PooledConnection | undefined, channel: Channel, response = RESPONSE): void {
  if (connection === undefined) throw new Error('There is no connection.');
  connection.lend(new Borrower());
  answer(connection, channel, response);
}

function answer(connection: PooledConnection, channel: Channel, response = RESPONSE): void {
  channel.writeOutbound(
    new HttpRequest({ method: 'GET', target: '/', authority: 'a' }),
    LastHttpContent.EMPTY,
  );
  channel.writeInbound(bytes(response));
  connection.release();
}
