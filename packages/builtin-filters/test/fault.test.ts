import { FaultFilter, FaultOptions, Random, SeededRandom } from '@sluice/builtin-filters';
import { describe, expect, it } from 'vitest';
import { Client, recorder, statusOf } from './support.ts';

type Input = ConstructorParameters<typeof FaultOptions>[0];

describe('fault injection', () => {
  it('does nothing by default', () => {
    expect(connect({}).get()).toMatch(/fine$/);
  });

  it('delays by the time given', () => {
    const client = connect({ delayPercentage: 100, delayMs: 250 });

    client.get();
    client.channel.clock.advance(249);
    expect(client.received()).toBe('');
    client.channel.clock.advance(1);

    expect(client.received()).toMatch(/fine$/);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('can delay for longer than other filters may take', () => {
    const client = connect({ delayPercentage: 100, delayMs: 60_000 });

    client.get();
    client.channel.clock.advance(60_000);

    expect(client.received()).toMatch(/fine$/);
  });

  it('leaves nothing behind of a delay when the client goes', () => {
    const filter = new FaultFilter({ delayPercentage: 100, maxActiveDelays: 1 });
    const client = connect({}, filter);
    const next = connect({}, filter);

    client.get();
    client.leave();
    expect(client.channel.clock.pendingTimers).toBe(0);

    expect(next.get()).toBe('');
  });

  it('delays only so many at a time', () => {
    const filter = new FaultFilter({ delayPercentage: 100, maxActiveDelays: 1 });

    expect(connect({}, filter).get()).toBe('');
    expect(connect({}, filter).get()).toMatch(/fine$/);
  });

  it('fails with the status given, after the delay where there is one', () => {
    expect(statusOf(connect({ abortPercentage: 100, abortStatus: 429 }).get())).toBe(429);

    const client = connect({ abortPercentage: 100, delayPercentage: 100, delayMs: 10 });
    expect(client.get()).toBe('');
    client.channel.clock.advance(10);

    expect(statusOf(client.received())).toBe(503);
  });

  it.each([
    { fields: [], status: 200 },
    { fields: ['x-fault: no'], status: 200 },
    { fields: ['x-fault: yes'], status: 503 },
  ])('of requests with a field leaves others alone ($fields)', ({ fields, status }) => {
    const client = connect({ abortPercentage: 100, whenField: 'X-Fault', whenValue: 'yes' });

    expect(statusOf(client.get('/', ...fields))).toBe(status);
  });

  it('of requests with a field takes any value when none is given', () => {
    const client = connect({ abortPercentage: 100, whenField: 'x-fault' });

    expect([client.get(), client.get('/', 'x-fault: 0')].map(statusOf)).toEqual([200, 503]);
  });

  it('of requests with a field knows those that the codec owns', () => {
    const client = connect({ abortPercentage: 100, whenField: 'TE', whenValue: 'trailers' });

    expect([client.get(), client.get('/', 'te: trailers', 'connection: te')].map(statusOf)).toEqual([
      200, 503,
    ]);
  });

  it('of requests with a field compares its value as UTF-8', () => {
    const client = connect({ abortPercentage: 100, whenField: 'x-city', whenValue: 'Zürich' });
    const sent = Buffer.from('x-city: Zürich', 'utf8').toString('latin1');

    expect([client.get('/', 'x-city: Zürich'), client.get('/', sent)].map(statusOf)).toEqual([200, 503]);
  });

  it('hits the share that it is told to, and the same requests for the same seed', () => {
    const statuses = (seed: number): readonly number[] => {
      const client = connect({}, new FaultFilter({ abortPercentage: 25 }, new SeededRandom(seed)));
      return Array.from({ length: 400 }, () => statusOf(client.get()));
    };

    const hits = statuses(1).filter((status) => status === 503).length;

    expect(hits).toBeGreaterThan(70);
    expect(hits).toBeLessThan(130);
    expect(statuses(1)).toEqual(statuses(1));
    expect(statuses(1)).not.toEqual(statuses(2));
  });

  it.each<{ options: Input; error: string }>([
    {
      options: { delayMs: 60_001 },
      error: 'fault: delayMs: Too big: expected number to be <=60000 (found 60001)',
    },
    { options: { delayPercentage: 101 }, error: 'fault: delayPercentage: Too big' },
    {
      options: { abortStatus: 200 },
      error: 'fault: abortStatus: Too small: expected number to be >=400 (found 200)',
    },
  ])('refuses at the start: $error', ({ options, error }) => {
    expect(() => new FaultOptions(options)).toThrow(error);
  });
});

it.each([
  [0, 0, false],
  [0.49, 50, true],
  [0.5, 50, false],
  [0.999, 100, true],
])('with the number %s, %s %% happens: %s', (number, percentage, happens) => {
  const random = new (class extends Random {
    override next(): number {
      return number;
    }
  })();

  expect(random.happens(percentage)).toBe(happens);
});

function connect(options: Input, filter = new FaultFilter(options)): Client {
  return new Client({
    filters: [FaultFilter],
    endpoint: recorder().endpoint,
    bindings: [[FaultFilter, filter]],
  });
}
