import {
  HeaderMutationOptions,
  RequestHeaderMutationFilter,
  RequestIdFilter,
  ResponseHeaderMutationFilter,
} from '@sluice/builtin-filters';
import type { InboundFilter } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { Client, field, fieldsOf, inbound, recorder } from './support.ts';
import type { Recorder } from './support.ts';

type Input = ConstructorParameters<typeof HeaderMutationOptions>[0];

describe('header mutation', () => {
  it('removes first, then sets, adds, and adds what is absent', () => {
    const { client, origin } = connect({
      request: {
        remove: ['x-old', 'x-again'],
        set: { 'x-set': 'new' },
        add: { 'x-add': '2', 'x-again': '1' },
        addIfAbsent: { 'x-add': 'no', 'x-absent': 'yes' },
      },
    });

    client.get('/', 'X-Old: 1', 'x-set: a', 'X-Set: b', 'x-add: 1', 'x-again: 0');

    const fields = [...(origin.sides[0]?.request.headers ?? [])];
    expect(fields.filter(([name]) => name !== 'x-request-id')).toEqual([
      ['x-set', 'new'],
      ['x-add', '1'],
      ['x-add', '2'],
      ['x-again', '1'],
      ['x-absent', 'yes'],
    ]);
  });

  it('sends what is more than ASCII as UTF-8', () => {
    const { client, origin } = connect({ request: { set: { 'x-city': 'Zürich – 東京 %METHOD%' } } });

    client.get('/');

    expect(Buffer.from(origin.sides[0]?.request.headers.get('x-city') ?? '', 'latin1').toString()).toBe(
      'Zürich – 東京 GET',
    );
  });

  it('fills in what is known of the request', () => {
    const { client, origin } = connect({
      request: { set: { 'x-all': '%CLIENT_IP% %METHOD% %HOST% %PATH% 100%%', 'x-id': '%REQUEST_ID%' } },
    });

    client.get('/a?b');

    const { headers, context } = origin.sides[0]?.request ?? {};
    expect(headers?.get('x-all')).toBe('192.0.2.1 GET a.example /a 100%');
    expect(headers?.get('x-id')).toBe(context?.requestId);
  });

  it('writes the names of routes and origins as UTF-8', () => {
    const { client } = connect(
      { response: { set: { 'x-names': '%ROUTE% %ORIGIN%' } } },
      recorder(),
      (_request, context) => {
        context.routeName = '日本';
        context.origin = 'Zürich';
      },
    );

    const answer = client.get('/');

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(Buffer.from(answer, 'latin1').toString()).toContain('x-names: 日本 Zürich\r\n');
  });

  it('leaves nothing of the client where a variable of a value to set is not known', () => {
    const value = 'r=%ROUTE%';
    const { client, origin } = connect({
      request: { set: { 'x-a': value }, add: { 'x-b': value }, addIfAbsent: { 'x-c': value } },
    });

    client.get('/', 'x-a: forged', 'X-A: forged', 'x-b: 1');

    expect([...(origin.sides[0]?.request.headers ?? [])].map(String)).toEqual([
      'x-b,1',
      expect.stringMatching(/^x-request-id/),
    ]);
  });

  it('leaves nothing of the origin where a variable of a value to set is not known', () => {
    const origin = recorder((side) => {
      side.respond({ contentLength: 0 }, [['X-Server', 'internal']]);
      side.last();
    });

    const response = connect({ response: { set: { 'x-server': '%UPSTREAM_HOST%' } } }, origin).client.get();

    expect(fieldsOf(response, 'x-server')).toEqual([]);
  });

  it('takes an empty value for a value', () => {
    const { client, origin } = connect({ request: { set: { 'x-a': '' }, add: { 'x-b': '' } } });

    client.get('/', 'x-a: forged', 'x-b: 1');

    const { headers } = origin.sides[0]?.request ?? {};
    expect([headers?.getAll('x-a'), headers?.getAll('x-b')]).toEqual([[''], ['1', '']]);
  });

  it('changes responses, also those that are made here', () => {
    const failing = recorder(() => {
      throw new Error('no');
    });
    const options: Input = { response: { remove: ['server'], set: { 'x-status': '%STATUS%' } } };
    const origin = recorder((side) => {
      side.respond({ contentLength: 0 }, [['Server', 'x']]);
      side.last();
    });

    const response = connect(options, origin).client.get();
    const failure = connect(options, failing).client.get();

    expect(field(response, 'x-status')).toBe('200');
    expect(fieldsOf(response, 'server')).toEqual([]);
    expect(field(failure, 'x-status')).toBe('500');
  });

  it.each<{ options: Input; error: string }>([
    ...[
      'Host',
      'content-length',
      'Transfer-Encoding',
      'CONNECTION',
      'te',
      'X-Forwarded-For',
      'x_forwarded.proto',
      'X-Sluice-Expected-Timeout-Ms',
    ].map((name) => ({
      options: { request: { set: { [name]: 'a' } } },
      error: `header-mutation: request.set.${name}: ${JSON.stringify(name)} can't be changed here: the gateway writes it by itself`,
    })),
    {
      options: { response: { remove: ['x', 'Upgrade'] } },
      error: 'header-mutation: response.remove[1]: "Upgrade" can\'t be changed here',
    },
    {
      options: { request: { add: { 'a b': '' } } },
      error: 'request.add.a b: expected the name of a field, found "a b"',
    },
    {
      options: { request: { set: { a: 'x\r\nb: c' } } },
      error: 'request.set.a: has a character that a field must not have',
    },
    {
      options: { request: { set: { a: '%NOBODY%' } } },
      error: 'request.set.a: %NOBODY% is no variable; there are %CLIENT_IP%, ',
    },
    {
      options: { response: { set: { a: '%PATH%' } } },
      error: 'response.set.a: %PATH% is no variable',
    },
    { options: { request: { set: { a: '100%' } } }, error: 'has a % without its pair; write %% for one' },
    {
      options: { request: { replace: {} } } as Input,
      error: 'header-mutation: request: Unrecognized key: "replace"',
    },
  ])('refuses at the start: $error', ({ options, error }) => {
    expect(() => new HeaderMutationOptions(options)).toThrow(error);
  });
});

function connect(
  options: Input,
  origin: Recorder = recorder(),
  apply: InboundFilter['apply'] = () => {},
): { client: Client; origin: Recorder } {
  const client = new Client({
    filters: [RequestHeaderMutationFilter, ResponseHeaderMutationFilter, RequestIdFilter, inbound(apply)],
    endpoint: origin.endpoint,
    bindings: [[HeaderMutationOptions, new HeaderMutationOptions(options)]],
  });
  return { client, origin };
}
