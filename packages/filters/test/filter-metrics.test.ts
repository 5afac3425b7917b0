import { FilterMetrics } from '@sluice/filters';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { describe, expect, it } from 'vitest';
import type { FarSide } from './support.ts';
import { Client, deferred, far, GET, inbound, outbound, text } from './support.ts';

describe('FilterMetrics', () => {
  it('counts each filter by what became of it', async () => {
    const metrics = new MetricsRegistry();
    const client = new Client({
      filters: [
        inbound({ shouldFilter: ({ path }) => path !== '/skip' }, { name: 'auth' }),
        inbound({}, { name: 'off', enabledByDefault: false }),
        outbound({ apply: () => raise() }, { name: 'faulty' }),
        inbound({}, { name: 'busy', maxConcurrency: 0, onFailure: 'open' }),
      ],
      endpoint: text('fine'),
      listener: new FilterMetrics(metrics),
    });

    client.send(GET, GET, 'GET /skip HTTP/1.1\r\nhost: a\r\n\r\n');

    const exposed = await exposition(metrics);
    expect(exposed).toContain('filter_executions_total{filter="auth",type="inbound",status="SUCCESS"} 2');
    expect(exposed).toContain('filter_executions_total{filter="auth",type="inbound",status="SKIPPED"} 1');
    expect(exposed).toContain('filter_executions_total{filter="off",type="inbound",status="DISABLED"} 3');
    expect(exposed).toContain('filter_executions_total{filter="faulty",type="outbound",status="FAILED"} 3');
    expect(exposed).toContain('filter_concurrency_rejected_total{filter="busy",type="inbound"} 3');
    expect(exposed).toContain('filter_duration_seconds_count{filter="auth",type="inbound"} 0');
  });

  it('counts by name what stands at one place of two sets, and at two places', async () => {
    const metrics = new MetricsRegistry();
    const listener = new FilterMetrics(metrics);
    const [auth, limit] = [() => inbound({}, { name: 'auth' }), () => inbound({}, { name: 'limit' })];
    const before = new Client({ filters: [auth()], endpoint: text('fine'), listener });
    const after = new Client({ filters: [limit(), auth()], endpoint: text('fine'), listener });

    before.send(GET);
    after.send(GET);
    before.send(GET);

    const exposed = await exposition(metrics);
    expect(exposed).toContain('filter_executions_total{filter="auth",type="inbound",status="SUCCESS"} 3');
    expect(exposed).toContain('filter_executions_total{filter="limit",type="inbound",status="SUCCESS"} 1');
  });

  it('times asynchronous filters, and the others where it is told to', async () => {
    const metrics = new MetricsRegistry();
    const later = deferred<void>();
    const client = new Client({
      filters: [inbound({ apply: () => later.promise }, { name: 'slow' }), inbound({}, { name: 'quick' })],
      endpoint: text('fine'),
      listener: new FilterMetrics(metrics, { timesAll: true }),
    });

    client.send(GET);
    client.channel.clock.advance(250);
    later.resolve();
    await client.settle();

    const exposed = await exposition(metrics);
    expect(exposed).toContain('filter_duration_seconds_sum{filter="slow",type="inbound"} 0.25');
    expect(exposed).toContain('filter_duration_seconds_count{filter="quick",type="inbound"} 1');
  });
});

describe('a late write', () => {
  it.each<[string, (side: FarSide, client: Client) => void]>([
    ['the client has gone', (_side, client) => client.leave()],
    ['the response is complete', (side) => (side.respond({ contentLength: 2 }), side.last('ok'))],
    ['the endpoint has failed', (side) => side.downstream.fail(new Error('no'))],
  ])('is dropped and counted when %s', async (_, end) => {
    const metrics = new MetricsRegistry();
    const { endpoint, sides } = far();
    const client = new Client({ endpoint, listener: new FilterMetrics(metrics) });
    client.send(GET);
    const [side] = sides;
    if (side === undefined) throw new Error('The endpoint was not opened.');
    end(side, client);
    client.received();
    side.respond();
    side.last('late');

    expect(client.received()).toBe('');
    expect(await exposition(metrics)).toMatch(
      /^filter_late_writes_total\{filter="\w+",type="endpoint"\} 2$/m,
    );
  });
});

function raise(): never {
  throw new Error('no');
}
