import { RateLimitFieldsFilter, RateLimitFilter, RateLimitOptions } from '@sluice/builtin-filters';
import { SOURCE_ADDRESS } from '@sluice/handler-connection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimitKey, siteOf } from '../src/rate-limit/rate-limit-key.ts';
import { TokenBucket } from '../src/rate-limit/token-bucket.ts';
import { LruMap } from '../src/shared/lru-map.ts';
import { Client, field, inbound, message, recorder, statusOf } from './support.ts';

type Input = ConstructorParameters<typeof RateLimitOptions>[0];

describe('the rate limit', () => {
  it('lets so many through at once and then as many as tokens come back', () => {
    const client = connect({ maxTokens: 2, tokensPerFill: 1, fillIntervalMs: 500 });
    const statuses = (): readonly number[] => [0, 1, 2].map(() => statusOf(client.get()));

    expect(statuses()).toEqual([200, 200, 429]);
    client.channel.clock.advance(499);
    expect(statuses()).toEqual([429, 429, 429]);
    client.channel.clock.advance(1);
    expect(statuses()).toEqual([200, 429, 429]);
    client.channel.clock.advance(1_000_000);
    expect(statuses()).toEqual([200, 200, 429]);
  });

  it('tells clients their quota, what is left, and when to come back', () => {
    const client = connect({ maxTokens: 2, tokensPerFill: 1, fillIntervalMs: 5_000, policyName: 'api' });

    const first = client.get();
    client.get();
    const refused = client.get();

    expect(field(first, 'ratelimit-policy')).toBe('"api";q=2;w=10');
    expect(field(first, 'ratelimit')).toBe('"api";r=1;t=5');
    expect(field(refused, 'ratelimit')).toBe('"api";r=0;t=10');
    expect(field(refused, 'retry-after')).toBe('5');
    expect(field(refused, 'proxy-status')).toBe('sluice; error=http_request_denied');
  });

  it('can keep that to itself', () => {
    const response = connect({ sendFields: false }).get();

    expect(response).not.toContain('ratelimit');
  });

  it('counts each client for itself', () => {
    const client = connect({ maxTokens: 1 });

    client.get();
    client.channel.attr(SOURCE_ADDRESS).set('192.0.2.2');

    expect(statusOf(client.get())).toBe(200);
    expect(statusOf(client.get())).toBe(429);
  });

  it('counts by a field, and requests without it by address', () => {
    const client = connect({ maxTokens: 1, keyBy: 'field', keyField: 'x-key' });

    expect(['x-key: a', 'X-Key: b', 'x-key: a'].map((key) => statusOf(client.get('/', key)))).toEqual([
      200, 200, 429,
    ]);
    expect([0, 1].map(() => statusOf(client.get()))).toEqual([200, 429]);
  });

  it('counts by a field that the codec owns', () => {
    const client = connect({ maxTokens: 1, keyBy: 'field', keyField: 'te' });
    const lines = ['te: trailers', 'connection: te'];

    expect([[], lines, [], lines].map((fields) => statusOf(client.get('/', ...fields)))).toEqual([
      200, 200, 429, 429,
    ]);
  });

  it('counts by route', () => {
    const route = inbound(({ path }, context) => void (context.routeName = path));
    const client = connect({ maxTokens: 1, keyBy: 'route' }, [route]);

    expect(['/a', '/b', '/a'].map((path) => statusOf(client.get(path)))).toEqual([200, 200, 429]);
  });

  it('counts all together', () => {
    const client = connect({ maxTokens: 1, keyBy: 'none' });

    client.get();
    client.channel.attr(SOURCE_ADDRESS).set('192.0.2.2');

    expect(statusOf(client.get())).toBe(429);
  });

  it('forgets who was not seen for longest when there are too many', () => {
    const client = connect({ maxTokens: 1, keyBy: 'field', keyField: 'k', maxKeys: 2 });

    const statuses = ['a', 'b', 'a', 'c', 'a', 'b'].map((key) => statusOf(client.get('/', `k: ${key}`)));

    expect(statuses).toEqual([200, 200, 429, 200, 429, 200]);
  });

  it.each<{ options: Input; error: string }>([
    {
      options: { maxTokens: 0 },
      error: 'rate-limit: maxTokens: Too small: expected number to be >=1 (found 0)',
    },
    {
      options: { fillIntervalMs: 49 },
      error: 'fillIntervalMs: Too small: expected number to be >=50 (found 49)',
    },
    { options: { keyBy: 'field' }, error: 'keyField: must name the field when keyBy is "field"' },
    {
      options: { keyBy: 'field', keyField: 'Connection' },
      error: 'keyField: "Connection" can\'t be looked at: the codec keeps it to itself',
    },
    { options: { policyName: 'a"b' }, error: 'rate-limit: policyName: ' },
  ])('refuses at the start: $error', ({ options, error }) => {
    expect(() => new RateLimitOptions(options)).toThrow(error);
  });
});

describe('the key of a bucket', () => {
  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ])('of %s is that of its site', (address, site) => {
    expect(siteOf(address)).toBe(site);
  });

  it('is short, whatever a client sends', () => {
    const options = new RateLimitOptions({ keyBy: 'field', keyField: 'k' });
    const keyOf = (value: string): string => {
      const request = message();
      request.headers.set('k', value);
      return rateLimitKey(request, options);
    };

    expect(keyOf('a'.repeat(30_000)).length).toBeLessThan(80);
    expect(keyOf('a'.repeat(65))).not.toBe(keyOf('a'.repeat(66)));
  });

  it('of a field is never that of an address', () => {
    const options = new RateLimitOptions({ keyBy: 'field', keyField: 'k' });
    const request = message();
    request.context.channel.attr(SOURCE_ADDRESS).set('192.0.2.1');

    const byAddress = rateLimitKey(request, options);
    request.headers.set('k', '192.0.2.1');

    expect(rateLimitKey(request, options)).not.toBe(byAddress);
  });
});

it('a bucket never gives more than its size and what has come back', () => {
  const steps = fc.array(fc.record({ wait: fc.nat(50), asks: fc.nat(5) }), { maxLength: 50 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 20 }),
      steps,
      (max, every, moves) => {
        const bucket = new TokenBucket({ maxTokens: max, tokensPerMs: 1 / every }, 0);
        let now = 0;
        let taken = 0;
        for (const { wait, asks } of moves) {
          now += wait;
          for (let ask = 0; ask < asks; ask++) if (bucket.take(now)) taken++;

          expect(taken).toBeLessThanOrEqual(max + now / every + 1e-9);
          expect(bucket.remaining).toBeLessThanOrEqual(max);
        }
      },
    ),
  );
});

it('a map that forgets holds the entries that were used last', () => {
  const keys = fc.array(fc.nat(5), { maxLength: 40 });
  fc.assert(
    fc.property(keys, (used) => {
      const map = new LruMap<number, number>(3);
      for (const key of used) if (map.get(key) === undefined) map.set(key, key);
      const latest = [...new Set(used.toReversed())].slice(0, 3);

      expect(map.size).toBe(latest.length);
      for (const key of latest) expect(map.get(key)).toBe(key);
    }),
  );
});

function connect(options: Input, before: readonly ReturnType<typeof inbound>[] = []): Client {
  return new Client({
    filters: [...before, RateLimitFilter, RateLimitFieldsFilter],
    endpoint: recorder().endpoint,
    bindings: [[RateLimitOptions, new RateLimitOptions(options)]],
  });
}
