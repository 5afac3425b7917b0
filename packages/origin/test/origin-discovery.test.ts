import { silentLogger } from '@sluice/core';
import type { DiscoveredServer, ServerDiscovery } from '@sluice/discovery';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Origin } from '../src/index.ts';
import type { OriginConfig, OriginListener } from '../src/index.ts';
import { ADDRESS, Asker, embeddedConnector } from './support.ts';

describe('an origin with a discovery', () => {
  it('is ready with the first set of servers, also an empty one', async () => {
    const { ready, found } = discovering();
    let isReady = false;
    const seen = ready.then(() => (isReady = true));
    await Promise.resolve();
    expect(isReady).toBe(false);
    found();

    expect(await seen).toBe(true);
  });

  it('refuses with 503 until servers are found, and then uses them', () => {
    const { origin, connector, found } = discovering();
    const early = new Asker();
    origin.acquire(early);
    expect(early.error).toMatchObject({ status: 503, reason: 'destination_unavailable' });
    found(1);
    origin.acquire(new Asker());

    expect(connector.attempt(0).address).toEqual({ host: '10.0.0.1', port: 80 });
  });

  it('keeps a server that stays, with its connections, when others come and go', () => {
    const { origin, connector, found } = discovering();
    found(1);
    const [server] = origin.servers;
    const asker = new Asker();
    origin.acquire(asker);
    connector.attempt(0).succeed();
    asker.connection?.lend(NOBODY);
    asker.connection?.release();
    connector.turn();
    found(2, 1);
    found(1);

    expect(origin.servers).toEqual([server]);
    expect(origin.servers[0]).toBe(server);
    expect(connector.attempt(0).channel.isOpen).toBe(true);
  });

  it('lets requests in flight to a server that is gone finish, and gives it no others', () => {
    const { origin, connector, found } = discovering();
    found(1);
    const inFlight = new Asker();
    const idle = new Asker();
    for (const asker of [inFlight, idle]) origin.acquire(asker);
    for (const at of [0, 1]) connector.attempt(at).succeed();
    for (const { connection } of [inFlight, idle]) connection?.lend(NOBODY);
    idle.connection?.release();
    connector.turn();
    found(2);
    origin.acquire(new Asker());

    expect(connector.attempt(2).address).toEqual({ host: '10.0.0.2', port: 80 });
    expect(connector.attempt(0).channel.isOpen).toBe(true);
    expect(connector.attempt(1).channel.isOpen).toBe(false);
    connector.turn();
    expect(origin.connectionCount).toBe(2);
    inFlight.connection?.release();
    connector.turn();
    expect(connector.attempt(0).channel.isOpen).toBe(false);
    expect(origin.connectionCount).toBe(1);
  });

  it('still serves requests that wait for a connection to a server that is gone', () => {
    const { origin, connector, found } = discovering();
    found(1);
    const waiting = new Asker();
    origin.acquire(waiting);
    found(2);
    connector.attempt(0).succeed();

    expect(waiting.error).toBeUndefined();
    expect(waiting.connection?.server.name).toBe('10.0.0.1:80');
  });

  it('closes also the connections to servers that are gone when it is closed', () => {
    const { origin, connector, found } = discovering();
    found(1);
    const waiting = new Asker();
    origin.acquire(waiting);
    found(2);
    origin.close();

    expect(waiting.error).toMatchObject({ status: 503 });
    expect(connector.attempt(0).channel.isOpen).toBe(false);
  });

  it('takes what is listed and what is found together, by weight and priority', () => {
    const { origin, found } = discovering({ servers: [{ ...ADDRESS, weight: 3, priority: 1 }] });
    found(2);

    expect(origin.servers.map(({ name, weight, priority }) => [name, weight, priority])).toEqual([
      ['10.0.0.1:80', 3, 1],
      ['10.0.0.2:80', 1, 0],
    ]);
  });

  it('tells of each change once', () => {
    let changes = 0;
    const { found } = discovering({}, { onMembershipChanged: () => changes++ });
    found(1);
    found(1);
    found(2, 1);

    expect(changes).toBe(2);
  });

  it('stops listening when it is closed, and takes no more servers', () => {
    const { origin, subject } = discovering();
    origin.close();

    expect(subject.observed).toBe(false);
  });

  it('keeps its servers when a discovery fails for good', () => {
    const { origin, found, subject } = discovering();
    found(1);
    subject.error(new Error('broken'));

    expect(origin.servers).toHaveLength(1);
  });

  it('loads the discovery that it declares', async () => {
    const connector = embeddedConnector();
    const origin = new Origin(
      { name: 'api', discovery: { type: 'dns', names: [{ host: '10.0.0.7', port: 70 }] } },
      connector,
      connector.loop,
      { logger: silentLogger },
    );
    await origin.start();

    expect(origin.servers.map(({ name }) => name)).toEqual(['10.0.0.7:70']);
    origin.close();
  });
});

const NOBODY = {
  silenceLimitMs: () => undefined,
  onSilence: () => {},
  onResponse: () => {},
  onContent: () => {},
  onTunnel: () => {},
  onReadComplete: () => {},
  onWritabilityChanged: () => {},
  onReset: () => {},
};

function discovering(config: Partial<OriginConfig> = {}, listener: OriginListener = {}) {
  const connector = embeddedConnector();
  const subject = new Subject<readonly DiscoveredServer[]>();
  const discovery: ServerDiscovery = { servers$: subject };
  const origin = new Origin({ name: 'origin', discovery, ...config }, connector, connector.loop, {
    logger: silentLogger,
    random: () => 0,
    listener,
  });
  const ready = origin.start();
  const found = (...numbers: number[]) =>
    subject.next(numbers.map((number) => ({ address: { host: `10.0.0.${number}`, port: 80 } })));
  return { connector, origin, subject, ready, found };
}
