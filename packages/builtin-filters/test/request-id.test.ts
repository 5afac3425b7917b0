import { RequestIdFilter, RequestIdOptions, RequestIdResponseFilter } from '@sluice/builtin-filters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRequestId } from '../src/request-id/make-request-id.ts';
import { Client, field, fieldsOf, recorder } from './support.ts';
import type { Recorder } from './support.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-(?<version>[47])[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('the request id', () => {
  it('is made for each request and told to origin, context and client', () => {
    const { client, origin } = connect();

    const id = field(client.get(), 'x-request-id');
    const other = field(client.get(), 'x-request-id');

    expect(UUID.exec(id ?? '')?.groups?.['version']).toBe('4');
    expect(origin.sides[0]?.request.headers.getAll('x-request-id')).toEqual([id]);
    expect(origin.sides[0]?.request.context.requestId).toBe(id);
    expect(other).not.toBe(id);
  });

  it('replaces what a client says, which nobody trusts by default', () => {
    const { client, origin } = connect();

    const id = field(client.get('/', 'X-Request-Id: mine', 'x-request-id: yours'), 'x-request-id');

    expect(id).toMatch(UUID);
    expect(origin.sides[0]?.request.headers.getAll('x-request-id')).toEqual([id]);
  });

  it.each([
    { said: ['x-request-id: abc-1_2.3~'], kept: 'abc-1_2.3~' },
    { said: ['x-request-id: a b'], kept: undefined },
    { said: ['x-request-id: <script>'], kept: undefined },
    { said: ['x-request-id: \u00e9'], kept: undefined },
    { said: [`x-request-id: ${'a'.repeat(129)}`], kept: undefined },
    { said: ['x-request-id: a', 'x-request-id: b'], kept: undefined },
    { said: [], kept: undefined },
  ])('of a trusted client is kept when it is well-formed: $said', ({ said, kept }) => {
    const { client } = connect({ trustIncoming: true });

    const id = field(client.get('/', ...said), 'x-request-id') ?? '';

    if (kept === undefined) expect(id).toMatch(UUID);
    else expect(id).toBe(kept);
  });

  it('takes the place of an id that the origin answers with', () => {
    const origin = recorder((side) => {
      side.respond({ contentLength: 0 }, [['X-Request-Id', 'other']]);
      side.last();
    });
    const { client } = connect({}, origin);

    expect(fieldsOf(client.get(), 'x-request-id')).toEqual([origin.sides[0]?.request.context.requestId]);
  });

  it('is there for a request that is too malformed for any other filter', () => {
    const { client } = connect();

    expect(field(client.send('GET / HTTP/1.1\r\n\r\n'), 'x-request-id')).toMatch(UUID);
  });

  it('can be kept from the client', () => {
    const { client, origin } = connect({ responseField: false });

    expect(field(client.get(), 'x-request-id')).toBeUndefined();
    expect(origin.sides[0]?.request.headers.get('x-request-id')).toMatch(UUID);
  });

  it('of version 7 begins with the time and sorts by it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 2 }), (ms) => {
        const id = makeRequestId('v7', ms + 0.5);

        expect(UUID.exec(id)?.groups?.['version']).toBe('7');
        expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(ms);
        expect(id < makeRequestId('v7', ms + 1)).toBe(true);
      }),
    );
  });

  it('refuses a field that frames messages', () => {
    expect(() => new RequestIdOptions({ field: 'Content-Length' })).toThrow(
      'request-id: field: "Content-Length" can\'t be changed here',
    );
  });
});

function connect(
  options: ConstructorParameters<typeof RequestIdOptions>[0] = {},
  origin: Recorder = recorder(),
): { client: Client; origin: Recorder } {
  const client = new Client({
    filters: [RequestIdResponseFilter, RequestIdFilter],
    endpoint: origin.endpoint,
    bindings: [[RequestIdOptions, new RequestIdOptions(options)]],
  });
  return { client, origin };
}
