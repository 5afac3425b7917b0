import { HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import type { FilterListener, SessionContext } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { Client, deferred, endpoint, far, GET, inbound, outbound, post, text } from './support.ts';

describe('what became of the filters of a request', () => {
  it('can be read in the order in which they ran', () => {
    const contexts: SessionContext[] = [];
    const client = new Client({
      filters: [
        outbound({ apply: raise }, { name: 'fails open' }),
        inbound({ apply: (_request, context) => void contexts.push(context) }, { name: 'runs' }),
        inbound({ shouldFilter: () => false }, { name: 'says no' }),
        inbound({}, { name: 'is off', enabledByDefault: false }),
      ],
      endpoint: endpoint((_request, context) => answer(context), { name: 'endpoint' }),
    });

    client.send(GET);

    expect(contexts[0]?.filterExecutions).toEqual([
      { filter: 'runs', kind: 'inbound', status: 'SUCCESS', durationMs: undefined },
      { filter: 'says no', kind: 'inbound', status: 'SKIPPED', durationMs: undefined },
      { filter: 'is off', kind: 'inbound', status: 'DISABLED', durationMs: undefined },
      { filter: 'endpoint', kind: 'endpoint', status: 'SUCCESS', durationMs: undefined },
      { filter: 'fails open', kind: 'outbound', status: 'FAILED', durationMs: undefined },
    ]);
    expect(contexts[0]?.filterExecutionSummary).toBe(
      'runs[SUCCESS], says no[SKIPPED], is off[DISABLED], endpoint[SUCCESS], fails open[FAILED]',
    );
  });

  it('is told with the time that an asynchronous filter took', async () => {
    const later = deferred<void>();
    const { endpoint, sides } = far();
    const slow = inbound({ apply: () => later.promise }, { name: 'slow' });
    const client = new Client({ filters: [slow], endpoint });

    client.send(GET);
    client.channel.clock.advance(25);
    later.resolve();
    await client.settle();

    expect(sides[0]?.context.filterExecutions[0]).toMatchObject({ status: 'SUCCESS', durationMs: 25 });
    expect(sides[0]?.context.filterExecutionSummary).toMatch(/^slow\[SUCCESS\]\[25ms\], /);
  });

  it('shows where it waits, also when the client leaves meanwhile', () => {
    const contexts: SessionContext[] = [];
    const see = inbound({ apply: (_request, context) => void contexts.push(context) }, { name: 'see' });
    const body = inbound({ needsBodyBuffered: () => true }, { name: 'body' });
    const result = inbound({ apply: () => new Promise<void>(() => {}) }, { name: 'result' });
    const client = new Client({ filters: [see, body, result], endpoint: text('never') });

    client.send(post('a', 2));
    expect(contexts[0]?.filterExecutionSummary).toBe('see[SUCCESS], body[BODY_AWAIT]');
    client.send('b');
    expect(contexts[0]?.filterExecutionSummary).toBe('see[SUCCESS], body[SUCCESS], result[ASYNC_AWAIT]');
    client.leave();

    expect(contexts[0]?.filterExecutionSummary).toBe('see[SUCCESS], body[SUCCESS], result[ASYNC_AWAIT]');
  });

  it('names the endpoint that failed and the one that answered for it', () => {
    const { endpoint, sides } = far();
    const client = new Client({ endpoint });

    client.send(GET);
    sides[0]?.downstream.fail(new HttpStatusError(502, 'Gone.'));

    expect(sides[0]?.context.filterExecutions).toMatchObject([{ status: 'FAILED' }, { status: 'SUCCESS' }]);
    expect(sides[0]?.context.filterErrors).toMatchObject([{ kind: 'endpoint' }]);
  });

  it('is empty before the first filter', () => {
    const contexts: SessionContext[] = [];
    const first = inbound({ shouldFilter: (_request, context) => contexts.push(context) > 0 });
    const client = new Client({ filters: [first], endpoint: text('fine') });

    client.send(GET);

    expect(contexts[0]?.filterErrors).toEqual([]);
    expect(contexts[0]?.filterExecutions).toHaveLength(2);
  });
});

describe('a listener', () => {
  it('hears of each execution once, with times where it asks for them', () => {
    const heard: unknown[] = [];
    const listener: FilterListener = {
      timesAll: true,
      onFilterExecuted: ({ name, kind }, status, durationMs) => heard.push([name, kind, status, durationMs]),
    };
    const client = new Client({
      filters: [
        inbound(
          { apply: (_request, { channel }) => client.channel.clock.advance(channel.isOpen ? 3 : 0) },
          { name: 'in' },
        ),
        outbound({ shouldFilter: () => false }, { name: 'out' }),
      ],
      endpoint: endpoint((_request, context) => answer(context), { name: 'end' }),
      listener,
    });

    client.send(GET);

    expect(heard).toEqual([
      ['in', 'inbound', 'SUCCESS', 3],
      ['end', 'endpoint', 'SUCCESS', 0],
      ['out', 'outbound', 'SKIPPED', undefined],
    ]);
  });

  it('that throws disturbs nobody', () => {
    const client = new Client({
      filters: [inbound({}, { maxConcurrency: 0, onFailure: 'open' })],
      endpoint: text('fine'),
      listener: { onFilterExecuted: raise, onFilterRejected: raise },
    });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 200 [^]*fine$/);
  });
});

function answer(context: SessionContext): HttpResponseMessage {
  return HttpResponseMessage.make(context, { status: 200 });
}

function raise(): never {
  throw new Error('no');
}
