import { describe, expect, it } from 'vitest';
import { DiscoveryError, DnsDiscovery, StaticDiscovery, SystemDnsResolver } from '@sluice/discovery';
import type { DnsDiscoveryOptions, DnsName } from '@sluice/discovery';
import { FakeDns, settle, Watcher } from './support.ts';

const API: DnsName = { host: 'api.test', port: 80 };

describe('DnsDiscovery', () => {
  it('takes every address of both families for a server', async () => {
    const { dns, watcher } = await watch((dns) => {
      dns.ipv4.set('api.test', [record('10.0.0.1'), record('10.0.0.2')]);
      dns.ipv6.set('api.test', [record('2001:db8::1')]);
    });

    expect(watcher.last).toEqual(['10.0.0.1:80 w1 p0', '10.0.0.2:80 w1 p0', '[2001:db8::1]:80 w1 p0']);
    expect(dns.questions).toEqual(['A api.test', 'AAAA api.test']);
    expect(watcher.outcomes).toEqual(['success']);
  });

  it('asks for one family alone when told so', async () => {
    const { dns, watcher } = await watch((dns) => dns.ipv4.set('api.test', [record('10.0.0.1')]), {
      family: 'ipv4',
    });

    expect(watcher.last).toEqual(['10.0.0.1:80 w1 p0']);
    expect(dns.questions).toEqual(['A api.test']);
  });

  it('asks again when the shortest TTL is over, and tells what has changed', async () => {
    const { dns, watcher } = await watch((dns) =>
      dns.ipv4.set('api.test', [record('10.0.0.1', 30), record('10.0.0.2', 60)]),
    );
    dns.ipv4.set('api.test', [record('10.0.0.3', 30)]);

    await watcher.advance(29_999);
    expect(watcher.sets).toHaveLength(1);
    await watcher.advance(1);

    expect(watcher.last).toEqual(['10.0.0.3:80 w1 p0']);
  });

  it.each([
    ['not before the least time', 0, 1000],
    ['not after the longest', 86_400, 300_000],
  ])('asks again %s', async (_what, ttl, delayMs) => {
    const { dns, watcher } = await watch((dns) => dns.ipv4.set('api.test', [record('10.0.0.1', ttl)]));

    await watcher.advance(delayMs - 1);
    expect(dns.questions).toHaveLength(2);
    await watcher.advance(1);

    expect(dns.questions).toHaveLength(4);
  });

  it('logs the same failure once, until there is another or a success', async () => {
    const { dns, watcher } = await watch((dns) => {
      dns.ipv4.set('api.test', 'ESERVFAIL');
      dns.ipv6.set('api.test', 'ESERVFAIL');
    });
    const become = async (answer: 'ESERVFAIL' | 'ETIMEOUT' | undefined) => {
      dns.ipv4.set('api.test', answer ?? [record('10.0.0.1', 1)]);
      dns.ipv6.set('api.test', answer ?? []);
      for (let times = 0; times < 2; times++) await watcher.advance(30_000);
    };
    await become('ESERVFAIL');
    expect(watcher.warnings).toHaveLength(1);
    await become('ETIMEOUT');
    expect(watcher.warnings).toHaveLength(2);
    await become(undefined);
    await become('ETIMEOUT');

    expect(watcher.warnings).toHaveLength(3);
    expect(watcher.outcomes.filter((outcome) => outcome === 'failure').length).toBeGreaterThan(3);
  });

  it('begins with what was found before of a name whose first look-up fails, until one does not', async () => {
    const watcher = new Watcher();
    const dns = new FakeDns();
    dns.ipv4.set('api.test', 'ESERVFAIL');
    dns.ipv4.set('other.test', [record('10.0.0.9')]);
    const lastServers = [80, 81].map((port) => ({
      address: { host: '10.0.0.1', port },
      weight: 1,
      priority: 0,
    }));
    const other = { host: 'other.test', port: 81 };
    watcher.watch(new DnsDiscovery([API, other], { jitterMs: 0 }, { ...watcher.services, lastServers }, dns));
    await settle();
    dns.ipv4.set('api.test', [record('10.0.0.2')]);
    await watcher.advance(1000);

    expect(watcher.sets).toEqual([
      ['10.0.0.1:80 w1 p0', '10.0.0.9:81 w1 p0'],
      ['10.0.0.2:80 w1 p0', '10.0.0.9:81 w1 p0'],
    ]);
  });

  it('adds jitter', async () => {
    const watcher = new Watcher();
    const dns = new FakeDns();
    dns.ipv4.set('api.test', [record('10.0.0.1', 1)]);
    watcher.watch(
      new DnsDiscovery([API], { jitterMs: 100 }, { ...watcher.services, random: () => 0.5 }, dns),
    );
    await settle();

    await watcher.advance(1049);
    expect(dns.questions).toHaveLength(2);
    await watcher.advance(1);

    expect(dns.questions).toHaveLength(4);
  });

  it('says nothing when the same servers come in another order', async () => {
    const { dns, watcher } = await watch((dns) =>
      dns.ipv4.set('api.test', [record('10.0.0.1'), record('10.0.0.2')]),
    );
    dns.ipv4.set('api.test', [record('10.0.0.2', 1), record('10.0.0.1', 1)]);

    await watcher.advance(60_000);

    expect(dns.questions).toHaveLength(4);
    expect(watcher.sets).toHaveLength(1);
  });

  it('keeps the last servers while look-ups fail, and asks less and less often', async () => {
    const { dns, watcher } = await watch((dns) => dns.ipv4.set('api.test', [record('10.0.0.1', 1)]));
    dns.ipv4.set('api.test', 'ESERVFAIL');
    dns.ipv6.set('api.test', 'ESERVFAIL');
    const asked: number[] = [];
    for (let second = 1; second <= 100; second++) {
      const before = dns.questions.length;
      await watcher.advance(1000);
      if (dns.questions.length > before) asked.push(second);
    }

    expect(asked).toEqual([1, 2, 4, 8, 16, 32, 62, 92]);
    expect(watcher.sets).toEqual([['10.0.0.1:80 w1 p0']]);
    expect(watcher.warnings[0]).toBe('The name api.test could not be resolved: ESERVFAIL.');
    expect(watcher.outcomes.slice(0, 3)).toEqual(['success', 'failure', 'failure']);
  });

  it('is back at once when look-ups work again', async () => {
    const { dns, watcher } = await watch(() => {});
    expect(watcher.last).toEqual([]);
    dns.ipv4.set('api.test', [record('10.0.0.1', 7)]);

    await watcher.advance(1000);
    expect(watcher.last).toEqual(['10.0.0.1:80 w1 p0']);
    await watcher.advance(7000);
    expect(dns.questions.filter((question) => question.startsWith('A '))).toHaveLength(3);

    dns.ipv4.set('api.test', 'ESERVFAIL');
    dns.ipv6.set('api.test', 'ESERVFAIL');
    await watcher.advance(7000);
    await watcher.advance(1000);
    expect(dns.questions.filter((question) => question.startsWith('A '))).toHaveLength(5);
  });

  it('keeps the addresses of a family whose look-up fails alone', async () => {
    const { dns, watcher } = await watch((dns) => {
      dns.ipv4.set('api.test', [record('10.0.0.1', 1)]);
      dns.ipv6.set('api.test', [record('2001:db8::1', 1)]);
    });
    dns.ipv4.set('api.test', 'ETIMEOUT');
    dns.ipv6.set('api.test', [record('2001:db8::2', 1)]);

    await watcher.advance(1000);

    expect(watcher.last).toEqual(['10.0.0.1:80 w1 p0', '[2001:db8::2]:80 w1 p0']);
  });

  it('has failed, not found nothing, when one family fails and the other has no addresses', async () => {
    const { watcher } = await watch((dns) => dns.ipv4.set('api.test', 'ESERVFAIL'));

    expect(watcher.outcomes).toEqual(['failure']);
  });

  it('has no servers when the answer is that there are none', async () => {
    const { dns, watcher } = await watch((dns) => dns.ipv4.set('api.test', [record('10.0.0.1', 1)]));
    dns.ipv4.set('api.test', 'ENODATA');

    await watcher.advance(1000);

    expect(watcher.last).toEqual([]);
    expect(watcher.outcomes).toEqual(['success', 'empty']);
  });

  it('asks the hosts file for what DNS does not know', async () => {
    const { watcher } = await watch((dns) => {
      dns.ipv6.set('api.test', 'ENOTFOUND');
      dns.hostsFile.set('api.test', ['127.0.0.9']);
    });

    expect(watcher.last).toEqual(['127.0.0.9:80 w1 p0']);
  });

  it('asks nobody for an address', async () => {
    const { dns, watcher } = await watch(() => {}, {}, [
      { host: '10.0.0.9', port: 81, weight: 3, priority: 1 },
    ]);

    expect(watcher.last).toEqual(['10.0.0.9:81 w3 p1']);
    expect(dns.questions).toEqual([]);
  });

  it('puts the servers of several names together, and does not wait for one that is not there', async () => {
    const names = [API, { host: 'spare.test', port: 81, priority: 1 }, { host: 'gone.test', port: 82 }];
    const { dns, watcher } = await watch(
      (dns) => {
        dns.ipv4.set('api.test', [record('10.0.0.1', 5)]);
        dns.ipv4.set('spare.test', [record('10.0.1.1', 50)]);
        dns.ipv6.set('gone.test', 'ENOTFOUND');
      },
      {},
      names,
    );
    dns.ipv4.set('api.test', [record('10.0.0.2', 5)]);
    expect(watcher.last).toEqual(['10.0.0.1:80 w1 p0', '10.0.1.1:81 w1 p1']);

    await watcher.advance(5000);

    expect(watcher.last).toEqual(['10.0.0.2:80 w1 p0', '10.0.1.1:81 w1 p1']);
  });

  it('stops asking when nobody listens any more', async () => {
    const { dns, watcher, stop } = await watch((dns) => dns.ipv4.set('api.test', [record('10.0.0.1', 1)]));
    stop();

    await watcher.advance(60_000);

    expect(dns.questions).toHaveLength(2);
    expect(watcher.clock.pendingTimers).toBe(0);
  });

  it('needs a name', () => {
    const { services } = new Watcher();

    expect(() => new DnsDiscovery([], {}, services, new FakeDns())).toThrow(DiscoveryError);
  });
});

it('looks up what the system knows', async () => {
  expect(await new SystemDnsResolver().lookup('localhost')).toContain('127.0.0.1');
});

it('tells a list of servers once', async () => {
  const watcher = new Watcher();
  watcher.watch(new StaticDiscovery([{ address: { path: '/run/a.sock' }, weight: 2, priority: 0 }]));

  expect(await watcher.set(0)).toEqual(['/run/a.sock w2 p0']);
});

async function watch(
  prepare: (dns: FakeDns) => void,
  options: Partial<DnsDiscoveryOptions> = {},
  names: readonly DnsName[] = [API],
) {
  const watcher = new Watcher();
  const dns = new FakeDns();
  prepare(dns);
  const stop = watcher.watch(new DnsDiscovery(names, options, watcher.services, dns));
  await settle();
  return { dns, watcher, stop };
}

function record(address: string, ttl = 60) {
  return { address, ttl };
}
