import { Filter, FilterRegistry, HttpResponseMessage, resolveFilters } from '@sluice/filters';
import type { FilterClass, FilterSet, InboundFilter } from '@sluice/filters';
import { Container } from 'inversify';
import { describe, expect, it } from 'vitest';
import { Client, deferred, endpoint, far, GET, inbound, outbound, text } from './support.ts';

describe('replacing the set of filters', () => {
  it('leaves requests under way with the filters that they started with, at every stage', async () => {
    const gate = deferred<void>();
    const mark = (name: string): FilterClass =>
      outbound({ apply: (response) => void response.headers.set('x-set', name) });
    const { endpoint: slow, sides } = far();
    const old = [inbound({ apply: () => gate.promise }), slow, mark('old')];
    const first = new Client({ filters: old, endpoint: slow });
    const second = new Client({ registry: first.registry });

    first.send(GET);
    first.registry.replace(setOf([mark('new')], text('new')));
    const answered = second.send(GET);
    gate.resolve();
    await first.settle();
    sides[0]?.respond({ contentLength: 3 });
    sides[0]?.last('old');

    expect(answered).toMatch(/x-set: new\r\n[^]*new$/);
    expect(first.received()).toMatch(/x-set: old\r\n[^]*old$/);
    expect(first.send(GET)).toMatch(/x-set: new\r\n[^]*new$/);
  });

  it('destroys a filter that leaves, after its last request', () => {
    const destroyed: string[] = [];
    const { endpoint: slow, sides } = far();
    const leaving = inbound({ destroy: () => void destroyed.push('inbound') });
    const first = new Client({ filters: [leaving], endpoint: slow });
    const second = new Client({ registry: first.registry });

    first.send(GET);
    second.send(GET);
    first.registry.replace(setOf([], text('new')));
    expect(destroyed).toEqual([]);
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();
    expect(destroyed).toEqual([]);
    second.leave();

    expect(destroyed).toEqual(['inbound']);
  });

  it('destroys a filter at once that no request has', () => {
    const destroyed: string[] = [];
    const registry = new FilterRegistry(setOf([inbound({ destroy: () => void destroyed.push('it') })]));

    registry.replace(setOf([]));

    expect(destroyed).toEqual(['it']);
  });

  it('keeps a filter that the new set has too, or one that a request still has', () => {
    const destroyed: string[] = [];
    const kept = inbound({ destroy: () => void destroyed.push('kept') });
    const container = new Container({ autobind: true });
    const { endpoint: slow, sides } = far();
    const set = (filters: FilterClass[]): FilterSet =>
      resolveFilters(container, filters, { defaultEndpoint: slow });
    const registry = new FilterRegistry(set([kept]));
    const client = new Client({ registry });

    client.send(GET);
    registry.replace(set([kept, inbound({})]));
    registry.replace(set([]));
    expect(destroyed).toEqual([]);
    sides[0]?.respond({ contentLength: 0 });
    sides[0]?.last();

    expect(destroyed).toEqual(['kept']);
  });

  it('destroys all of them once when the gateway stops', () => {
    const destroyed: string[] = [];
    const answer = endpoint((_request, context) => HttpResponseMessage.make(context, { status: 200 }), {
      destroy: () => void destroyed.push('endpoint'),
    });
    const registry = new FilterRegistry(
      setOf([inbound({ destroy: () => void destroyed.push('inbound') })], answer),
    );

    registry.close();
    registry.close();

    expect(destroyed).toEqual(['inbound', 'endpoint']);
  });

  it('tells the logger of a filter that can not be destroyed', async () => {
    const logged: object[] = [];
    const log = (fields: object): void => void logged.push(fields);
    const registry = new FilterRegistry(
      setOf([
        inbound({ destroy: () => raise() }, { name: 'throws' }),
        inbound({ destroy: async () => raise() }, { name: 'rejects' }),
      ]),
      { logger: { debug: log, info: log, warn: log, error: log } },
    );

    registry.close();
    await Promise.resolve();
    await Promise.resolve();

    expect(logged).toMatchObject([{ filter: 'throws' }, { filter: 'rejects' }]);
  });

  it('changes nothing when it is the same set', () => {
    const destroyed: string[] = [];
    const set = setOf([inbound({ destroy: () => void destroyed.push('it') })]);
    const registry = new FilterRegistry(set);

    registry.replace(set);

    expect(destroyed).toEqual([]);
    expect(registry.current).toBe(set);
  });
});

describe('a set of filters', () => {
  it('has no two filters of one name', () => {
    @Filter({ type: 'inbound', name: 'auth' })
    class Basic implements InboundFilter {
      apply(): void {}
    }
    @Filter({ type: 'outbound', name: 'auth' })
    class Bearer {
      apply(): void {}
    }

    expect(() => setOf([Basic, Bearer])).toThrow(
      'The filters Basic and Bearer are both named "auth". Give one another name in its @Filter.',
    );
  });

  it('has a filter once that is listed twice', () => {
    const twice = inbound({});

    expect(setOf([twice, twice]).inbound).toHaveLength(1);
  });

  it('knows each filter at its index, in the order in which they run', () => {
    const { entries } = setOf([outbound({}), inbound({})]);

    expect(entries.map(({ index, kind }) => `${index} ${kind}`)).toEqual([
      '0 inbound',
      '1 endpoint',
      '2 endpoint',
      '3 outbound',
    ]);
  });
});

function setOf(filters: readonly FilterClass[], defaultEndpoint = text('fine')): FilterSet {
  return resolveFilters(new Container({ autobind: true }), filters, { defaultEndpoint });
}

function raise(): never {
  throw new Error('no');
}
