import { describe, expect, it } from 'vitest';
import { SrvDiscovery } from '@sluice/discovery';
import type { SrvRecord } from '@sluice/discovery';
import { FakeDns, settle, Watcher } from './support.ts';

const SERVICE = '_http._tcp.api.test';

describe('SrvDiscovery', () => {
  it('takes every address of every target, with its port, weight and priority', async () => {
    const { watcher } = await watch((dns) => {
      dns.srv.set(SERVICE, [
        target('a.test', 8080, 10, 5),
        target('b.test', 8081, 30, 0),
        target('c.test', 82, 30, 7),
      ]);
      dns.ipv4.set('a.test', [address('10.0.0.1'), address('10.0.0.2')]);
      dns.ipv4.set('b.test', [address('10.0.1.1')]);
      dns.ipv4.set('c.test', [address('10.0.2.1')]);
    });

    expect(watcher.last).toEqual([
      '10.0.0.1:8080 w5 p0',
      '10.0.0.2:8080 w5 p0',
      '10.0.1.1:8081 w1 p1',
      '10.0.2.1:82 w7 p1',
    ]);
  });

  it('asks again after a while, for the TTL is not told', async () => {
    const { dns, watcher } = await watch((dns) => {
      dns.srv.set(SERVICE, [target('a.test', 80)]);
      dns.ipv4.set('a.test', [address('10.0.0.1')]);
    });
    dns.srv.set(SERVICE, [target('a.test', 81)]);

    await watcher.advance(4999);
    expect(watcher.sets).toHaveLength(1);
    await watcher.advance(1);

    expect(watcher.last).toEqual(['10.0.0.1:81 w1 p0']);
  });

  it('keeps the last servers when the records can not be had', async () => {
    const { dns, watcher } = await watch((dns) => {
      dns.srv.set(SERVICE, [target('a.test', 80)]);
      dns.ipv4.set('a.test', [address('10.0.0.1')]);
    });
    dns.srv.set(SERVICE, 'ESERVFAIL');

    await watcher.advance(5000);

    expect(watcher.outcomes).toEqual(['success', 'failure']);
    expect(watcher.sets).toHaveLength(1);
  });

  it('keeps the addresses of a target whose look-up fails', async () => {
    const { dns, watcher } = await watch((dns) => {
      dns.srv.set(SERVICE, [target('a.test', 80), target('b.test', 80)]);
      dns.ipv4.set('a.test', [address('10.0.0.1')]);
      dns.ipv4.set('b.test', [address('10.0.1.1')]);
    });
    dns.ipv4.set('a.test', 'ETIMEOUT');
    dns.ipv6.set('a.test', 'ETIMEOUT');
    dns.ipv4.set('b.test', [address('10.0.1.2')]);

    await watcher.advance(5000);

    expect(watcher.last).toEqual(['10.0.0.1:80 w1 p0', '10.0.1.2:80 w1 p0']);
  });

  it('does without a target that is not known', async () => {
    const { watcher } = await watch((dns) => {
      dns.srv.set(SERVICE, [target('gone.test', 80), target('b.test', 80)]);
      dns.ipv6.set('gone.test', 'ENOTFOUND');
      dns.ipv4.set('b.test', [address('10.0.1.1')]);
    });

    expect(watcher.last).toEqual(['10.0.1.1:80 w1 p0']);
  });

  it.each([
    ['there are no records', 'ENODATA' as const],
    ['the target is "."', [{ name: '.', port: 0, priority: 0, weight: 0 }]],
  ])('has no servers when %s', async (_why, answer) => {
    const { watcher } = await watch((dns) => dns.srv.set(SERVICE, answer));

    expect(watcher.sets).toEqual([[]]);
    expect(watcher.outcomes).toEqual(['empty']);
  });

  it('has no servers, but a failure, when no target is known', async () => {
    const { watcher } = await watch((dns) => {
      dns.srv.set(SERVICE, [target('gone.test', 80)]);
      dns.ipv6.set('gone.test', 'ENOTFOUND');
    });

    expect(watcher.sets).toEqual([[]]);
    expect(watcher.outcomes).toEqual(['failure']);
  });
});

async function watch(prepare: (dns: FakeDns) => void) {
  const watcher = new Watcher();
  const dns = new FakeDns();
  prepare(dns);
  watcher.watch(new SrvDiscovery(SERVICE, {}, watcher.services, dns));
  await settle();
  return { dns, watcher };
}

function target(name: string, port: number, priority = 0, weight = 1): SrvRecord {
  return { name, port, priority, weight };
}

function address(text: string) {
  return { address: text, ttl: 3600 };
}
