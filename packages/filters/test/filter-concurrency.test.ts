import type { FilterEntry, HttpResponseMessage } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { Client, deferred, endpoint, GET, inbound, text } from './support.ts';
import type { ClientSettings, Deferred } from './support.ts';

describe('a filter with as many calls under way as it may have', () => {
  it('is not called: 503 where it fails closed', async () => {
    const { slow, waiting } = slowFilter({ maxConcurrency: 2 });
    const [first, second, third] = clientsOf({ filters: [slow], endpoint: text('fine') });

    first.send(GET);
    second.send(GET);
    const refused = third.send(GET);
    waiting[0]?.resolve();
    await first.settle();
    third.send(GET);

    expect(refused).toMatch(/^HTTP\/1.1 503 [^]*proxy-status: sluice; error=proxy_internal_error/);
    expect(refused).not.toContain('TestFilter');
    expect(waiting).toHaveLength(3);
    expect(concurrencyOf(first)).toMatchObject({ current: 2, rejected: 1 });
  });

  it('is left out where it fails open', () => {
    const { slow, waiting } = slowFilter({ maxConcurrency: 1, onFailure: 'open' });
    const rejected: string[] = [];
    const [first, second] = clientsOf({
      filters: [slow],
      endpoint: text('fine'),
      listener: { onFilterExecuted: () => {}, onFilterRejected: ({ kind }) => rejected.push(kind) },
    });

    first.send(GET);

    expect(second.send(GET)).toMatch(/^HTTP\/1.1 200 [^]*fine$/);
    expect(waiting).toHaveLength(1);
    expect(rejected).toEqual(['inbound']);
  });

  it('may be an endpoint', () => {
    const busy = endpoint(() => new Promise<HttpResponseMessage>(() => {}), { maxConcurrency: 1 });
    const [first, second] = clientsOf({ endpoint: busy });

    first.send(GET);

    expect(second.send(GET)).toContain('HTTP/1.1 503');
  });

  it.each([
    { what: 'fails', end: (_client: Client, waiting?: Deferred<void>) => waiting?.reject(new Error('no')) },
    { what: 'does not answer in time', end: ({ channel }: Client) => channel.clock.advance(10_000) },
    { what: 'has lost its client', end: (client: Client) => client.leave() },
  ])('has room again when one $what', async ({ end }) => {
    const { slow, waiting } = slowFilter({ maxConcurrency: 1 });
    const [first] = clientsOf({ filters: [slow], endpoint: text('fine') });

    first.send(GET);
    end(first, waiting[0]);
    await first.settle();
    waiting[0]?.resolve();
    await first.settle();

    expect(concurrencyOf(first).current).toBe(0);
  });
});

function slowFilter(options: Parameters<typeof inbound>[1]): {
  slow: ReturnType<typeof inbound>;
  waiting: Deferred<void>[];
} {
  const waiting: Deferred<void>[] = [];
  const apply = (): Promise<void> => {
    const later = deferred<void>();
    waiting.push(later);
    return later.promise;
  };
  return { slow: inbound({ apply }, options), waiting };
}

/** Clients of one gateway. */
function clientsOf(settings: ClientSettings): [Client, Client, Client] {
  const first = new Client(settings);
  const { registry } = first;
  return [first, new Client({ ...settings, registry }), new Client({ ...settings, registry })];
}

function concurrencyOf({ registry }: Client): FilterEntry<unknown>['concurrency'] {
  const [entry] = registry.current.inbound;
  if (entry === undefined) throw new Error('There is no filter.');
  return entry.concurrency;
}
