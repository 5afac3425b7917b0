import { FilterSetError, resolveFilters } from '@sluice/filters';
import type { InboundFilter } from '@sluice/filters';
import { Container } from 'inversify';
import { describe, expect, it } from 'vitest';
import { Client, deferred, echo, endpoint, GET, inbound, text } from './support.ts';

const mark = (name: string): Pick<InboundFilter, 'apply'> => ({
  apply: (request) => void request.headers.add('x-seen', name),
});
const route = (overrides: Record<string, boolean>): ReturnType<typeof inbound> =>
  inbound({
    apply: (_request, context) => void (context.filterOverrides = new Map(Object.entries(overrides))),
  });

describe('a filter', () => {
  it.each([
    { what: 'runs by default', options: {}, overrides: {}, runs: true },
    { what: 'may be off by default', options: { enabledByDefault: false }, overrides: {}, runs: false },
    {
      what: 'is turned on by a route',
      options: { enabledByDefault: false },
      overrides: { it: true },
      runs: true,
    },
    { what: 'is turned off by a route', options: {}, overrides: { it: false }, runs: false },
    { what: 'is not concerned by others', options: {}, overrides: { other: false }, runs: true },
    {
      what: 'is off though it always runs',
      options: { alwaysRun: true },
      overrides: { it: false },
      runs: false,
    },
  ])('$what', ({ options, overrides, runs }) => {
    const asked = inbound(mark('yes'), { name: 'it', ...options });
    const client = new Client({ filters: [route(overrides), asked], endpoint: echo() });

    expect(client.send(GET).includes('x-seen=yes')).toBe(runs);
  });

  it('that is off is asked nothing', () => {
    const off = inbound({ shouldFilter: () => expect.unreachable() }, { enabledByDefault: false });

    expect(new Client({ filters: [off], endpoint: text('fine') }).send(GET)).toContain('200 OK');
  });
});

describe("the operator's switch", () => {
  it('turns a filter off for everyone, and back to what routes say', () => {
    const client = new Client({
      filters: [route({ it: true }), inbound(mark('yes'), { name: 'it', enabledByDefault: false })],
      endpoint: echo(),
    });

    client.registry.disable('it');
    expect(client.registry.disabled).toEqual(['it']);
    expect(client.send(GET)).not.toContain('x-seen');
    client.registry.enable('it');

    expect(client.send(GET)).toContain('x-seen=yes');
    expect(client.registry.disabled).toEqual([]);
  });

  it('reaches requests under way, also those with a set that was replaced', async () => {
    const later = deferred<void>();
    const filters = [inbound({ apply: () => later.promise }), inbound(mark('yes'), { name: 'it' })];
    const client = new Client({ filters, endpoint: echo() });
    const container = new Container({ autobind: true });

    client.send(GET);
    client.registry.replace(
      resolveFilters(container, [inbound({}, { name: 'it' })], { defaultEndpoint: text('new') }),
    );
    client.registry.disable('it');
    later.resolve();
    await client.settle();

    expect(client.received()).toMatch(/GET $/);
  });

  it('stays as it is when the set is replaced', () => {
    const client = new Client({ filters: [inbound(mark('1'), { name: 'it' })], endpoint: echo() });

    client.registry.disable('it');
    const container = new Container({ autobind: true });
    const filters = [inbound(mark('2'), { name: 'it' })];
    client.registry.replace(resolveFilters(container, filters, { defaultEndpoint: echo() }));

    expect(client.send(GET)).not.toContain('x-seen');
  });

  it('turns an endpoint off: 503', () => {
    const off = endpoint(() => expect.unreachable(), { name: 'shop' });
    const client = new Client({ endpoint: off });

    client.registry.disable('shop');

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 503 [^]*error=proxy_configuration_error/);
  });

  it('says which filters there are', () => {
    const client = new Client({ filters: [inbound({}, { name: 'auth' })] });

    expect(() => client.registry.disable('outh')).toThrow(FilterSetError);
    expect(() => client.registry.disable('outh')).toThrow(
      'There is no filter "outh"; there are auth, error.',
    );
    expect(() => client.registry.disable('error')).toThrow(
      'The filter "error" answers errors and can\'t be turned off.',
    );
  });
});

describe('a constraint', () => {
  class Internal {
    static made = 0;
    readonly name = `made ${++Internal.made}`;

    isConstrained({ headers }: { headers: { has(name: string): boolean } }): boolean {
      return headers.has('x-internal');
    }
  }

  it('skips the filters that name it', () => {
    const filters = [
      inbound(mark('1'), { constraints: [Internal] }),
      inbound(mark('2'), { constraints: [Internal] }),
      inbound(mark('3')),
    ];
    const client = new Client({ filters, endpoint: echo() });

    expect(client.send(GET)).toContain('x-seen=1 x-seen=2 x-seen=3 ');
    expect(client.send('GET / HTTP/1.1\r\nhost: a\r\nx-internal: 1\r\n\r\n')).toMatch(
      /x-internal=1 x-seen=3 $/,
    );
    expect(Internal.made).toBe(1);
  });

  it('that throws fails the filter', () => {
    class Faulty {
      isConstrained(): boolean {
        throw new Error('no');
      }
    }
    const closed = inbound({}, { constraints: [Faulty] });
    const open = inbound({}, { constraints: [Faulty], onFailure: 'open' });

    expect(new Client({ filters: [closed], endpoint: text('never') }).send(GET)).toContain('HTTP/1.1 500');
    expect(new Client({ filters: [open], endpoint: text('fine') }).send(GET)).toContain('HTTP/1.1 200');
  });
});
