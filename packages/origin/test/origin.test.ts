import { describe, expect, it } from 'vitest';
import { Origin, OriginManager, OriginServer, OriginOptions, originOptions } from '../src/index.ts';
import type { LoadBalancer, OriginConfig } from '../src/index.ts';
import { ADDRESS, Asker, embeddedConnector, originOf } from './support.ts';

const SERVERS = [1, 2, 3].map((number) => new OriginServer({ host: `10.0.0.${number}`, port: 80 }));

describe('Origin', () => {
  it('asks the pools of its servers in turn', () => {
    const connector = embeddedConnector();
    const origin = originOf(connector, [ADDRESS, { host: '10.0.0.2', port: 80 }]);
    for (let count = 0; count < 3; count++) origin.acquire(new Asker());

    expect(connector.attempts.map(({ address }) => address)).toEqual([
      ADDRESS,
      { host: '10.0.0.2', port: 80 },
      ADDRESS,
    ]);
  });

  it('asks another server than those that were tried, as long as there is one', () => {
    const connector = embeddedConnector();
    const origin = originOf(
      connector,
      SERVERS.map(({ address }) => address),
    );
    const [first, second, third] = origin.servers;
    const tried = [first, third].filter((server) => server !== undefined);
    for (let count = 0; count < 3; count++) origin.acquire(new Asker(), { tried });
    origin.acquire(new Asker(), { tried: origin.servers });

    const asked = connector.attempts.map(({ address }) => address);
    expect(asked.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => second?.address));
    expect(asked).toHaveLength(4);
  });

  it('refuses with 503 when it has no server', () => {
    const asker = new Asker();
    const pool = originOf(embeddedConnector(), []).acquire(asker);

    expect(pool).toBeUndefined();
    expect(asker.error).toMatchObject({ status: 503, reason: 'destination_unavailable' });
  });

  it('asks the balancer that it was given', () => {
    const connector = embeddedConnector();
    let last: OriginServer | undefined = undefined;
    const loadBalancer: LoadBalancer = {
      update: (servers) => (last = servers.at(-1)),
      choose: () => last,
    };
    const servers = SERVERS.map(({ address }) => address);
    const origin = new Origin({ name: 'a', servers, loadBalancer }, connector, connector.loop);
    origin.acquire(new Asker());

    expect(connector.attempt(0).address).toEqual({ host: '10.0.0.3', port: 80 });
  });
});

describe('OriginManager', () => {
  it('finds origins by their names', () => {
    const manager = managerOf([{ name: 'a', servers: [ADDRESS] }]);

    expect(manager.getOrigin('a')?.servers.map(({ name }) => name)).toEqual(['10.0.0.1:80']);
    expect(manager.getOrigin('b')).toBeUndefined();
  });

  it('refuses two origins of one name', () => {
    const config = { name: 'a', servers: [] };

    expect(() => managerOf([config, config])).toThrow('There are two origins named "a".');
  });

  it('closes the pools of all', () => {
    const connector = embeddedConnector();
    const manager = managerOf([{ name: 'a', servers: [ADDRESS] }], connector);
    const asker = new Asker();
    manager.getOrigin('a')?.acquire(asker);
    manager.close();

    expect(asker.error).toMatchObject({ status: 503 });
    expect(connector.attempt(0).channel.isOpen).toBe(false);
  });
});

describe('originOptions', () => {
  it('puts what is given in the place of the defaults', () => {
    expect(originOptions({ maxConnections: 7 })).toEqual({ ...new OriginOptions(), maxConnections: 7 });
  });

  it.each<[Partial<OriginOptions>, string]>([
    [{ maxConnections: 0 }, 'origins[0].options.maxConnections must be a whole number from 1; got 0.'],
    [
      { maxRequestsPerConnection: 1.5 },
      'origins[0].options.maxRequestsPerConnection must be a whole number from 0; got 1.5.',
    ],
    [{ idleTimeoutMs: Number.NaN }, 'origins[0].options.idleTimeoutMs must be a number from 1; got NaN.'],
  ])('refuses %o', (options, message) => {
    expect(() => managerOf([{ name: 'a', servers: [], options }])).toThrow(message);
  });

  it('refuses a name that it does not know, and says which it does', () => {
    const options = { maxConections: 3 } as Partial<OriginOptions>;

    expect(() => originOptions(options)).toThrow(/^options\.maxConections is not known; .*maxConnections/);
  });
});

function managerOf(configs: readonly OriginConfig[], connector = embeddedConnector()): OriginManager {
  return new OriginManager(configs, connector, connector.loop);
}
