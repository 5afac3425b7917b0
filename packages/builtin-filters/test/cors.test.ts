import {
  BasicAuthFilter,
  BasicAuthOptions,
  CorsFilter,
  CorsOptions,
  CorsResponseFilter,
  hashPassword,
} from '@sluice/builtin-filters';
import { describe, expect, it } from 'vitest';
import { OriginMatcher } from '../src/cors/origin-matcher.ts';
import { Client, field, fieldsOf, outbound, recorder, request, statusOf } from './support.ts';
import type { Recorder } from './support.ts';

type Input = ConstructorParameters<typeof CorsOptions>[0];

const SITE = 'https://app.example';

describe('a request of another site', () => {
  it('is answered with leave to read it for an allowed origin', () => {
    const { client } = connect({
      allowedOrigins: [SITE],
      exposedFields: ['x-total'],
      allowCredentials: true,
    });

    const response = client.get('/', `origin: ${SITE}`);

    expect(response).toMatch(/fine$/);
    expect(field(response, 'access-control-allow-origin')).toBe(SITE);
    expect(field(response, 'access-control-allow-credentials')).toBe('true');
    expect(field(response, 'access-control-expose-headers')).toBe('x-total');
    expect(field(response, 'vary')).toBe('Origin');
  });

  it.each([
    { what: 'another origin', fields: ['origin: https://evil.example'] },
    { what: 'no origin', fields: [] },
    { what: 'two origins', fields: [`origin: ${SITE}`, `origin: ${SITE}`] },
    { what: 'an opaque origin', fields: ['origin: null'] },
    { what: 'a part of one', fields: ['origin: https://app.exampl'] },
    { what: 'a longer one', fields: [`origin: ${SITE}.evil`] },
  ])('gets no leave with $what, and a cache is told so', ({ fields }) => {
    const { client } = connect({ allowedOrigins: [SITE], allowCredentials: true });

    const response = client.get('/', ...fields);

    expect(statusOf(response)).toBe(200);
    expect(response).not.toContain('access-control');
    expect(field(response, 'vary')).toBe('Origin');
  });

  it('may come from anywhere with *, which does not vary and is never told with credentials', () => {
    const { client } = connect({ allowedOrigins: ['*'] });

    const response = client.get('/', 'origin: https://any.example');

    expect(field(response, 'access-control-allow-origin')).toBe('*');
    expect(response).not.toMatch(/vary|credentials/i);
  });

  it('is judged here alone: what the origin says is dropped, and its Vary kept', () => {
    const origin = recorder((side) => {
      const fields = [
        ['Access-Control-Allow-Origin', '*'],
        ['access-control-allow-credentials', 'true'],
        ['vary', 'accept, origin'],
      ] as const;
      side.respond({ contentLength: 0 }, fields);
      side.last();
    });
    const { client } = connect({ allowedOrigins: [SITE] }, origin);

    const response = client.get('/', 'origin: https://evil.example');

    expect(response.toLowerCase()).not.toContain('access-control');
    expect(fieldsOf(response, 'vary')).toEqual(['accept, origin']);
  });

  it('can read why it failed', () => {
    const { client } = connect(
      { allowedOrigins: [SITE] },
      recorder(() => {
        throw new Error('no');
      }),
    );

    const response = client.get('/', `origin: ${SITE}`);

    expect(statusOf(response)).toBe(500);
    expect(field(response, 'access-control-allow-origin')).toBe(SITE);
  });
});

describe('fields that scripts may read', () => {
  const fields = [
    ['X-Total', '5'],
    ['link', '</a>'],
    ['x-total', '6'],
    ['Set-Cookie', 'a=b'],
  ] as const;
  const answer = (): Recorder =>
    recorder((side) => {
      side.respond({ contentLength: 0 }, fields);
      side.last();
    });

  it.each([
    { exposedFields: ['*'], exposed: 'x-total, link, proxy-status, vary' },
    { exposedFields: ['*', 'date', 'link'], exposed: 'date, link, x-total, proxy-status, vary' },
  ])('are told by name when $exposedFields meets credentials', ({ exposedFields, exposed }) => {
    const { client } = connect({ allowedOrigins: [SITE], exposedFields, allowCredentials: true }, answer());

    const response = client.get('/', `origin: ${SITE}`);

    expect(field(response, 'access-control-expose-headers')).toBe(exposed);
  });

  it('are * without credentials', () => {
    const { client } = connect({ allowedOrigins: [SITE], exposedFields: ['*'] }, answer());

    expect(field(client.get('/', `origin: ${SITE}`), 'access-control-expose-headers')).toBe('*');
  });
});

describe('a preflight', () => {
  const preflight = (...fields: readonly string[]): string =>
    request('OPTIONS', '/', [`origin: ${SITE}`, 'access-control-request-method: PUT', ...fields]);

  it('is answered here, before anybody is asked for a password', async () => {
    const users = [{ name: 'a', hash: await hashPassword('b', { ln: 1, r: 1, p: 1 }) }];
    const mark = outbound(({ headers }) => void headers.set('x-mark', '1'));
    const { client, origin } = connect(
      {
        allowedOrigins: [SITE],
        allowedMethods: ['GET', 'PUT'],
        allowedFields: ['x-a', 'content-type'],
        maxAgeSeconds: 5,
      },
      recorder(),
      { filters: [BasicAuthFilter, mark], users },
    );

    const response = client.send(preflight('access-control-request-headers: x-a'));

    expect(statusOf(response)).toBe(204);
    expect(field(response, 'access-control-allow-origin')).toBe(SITE);
    expect(field(response, 'access-control-allow-methods')).toBe('GET, PUT');
    expect(field(response, 'access-control-allow-headers')).toBe('x-a, content-type');
    expect(field(response, 'access-control-max-age')).toBe('5');
    expect(field(response, 'vary')).toBe('Origin');
    expect(field(response, 'x-mark')).toBe('1');
    expect(field(response, 'proxy-status')).toBe('sluice; error=proxy_internal_response');
    expect(response).not.toContain('content-length');
    expect(origin.sides).toHaveLength(0);
    expect(statusOf(client.get())).toBe(401);
  });

  it('of another origin is refused', () => {
    const { client, origin } = connect({ allowedOrigins: ['https://other.example'] });

    const response = client.send(preflight());

    expect(statusOf(response)).toBe(403);
    expect(response).not.toContain('access-control');
    expect(origin.sides).toHaveLength(0);
  });

  it.each([{ fields: ['origin: https://app.example'] }, { fields: ['access-control-request-method: PUT'] }])(
    'is not any other OPTIONS request ($fields)',
    ({ fields }) => {
      const { client, origin } = connect({ allowedOrigins: [SITE] });

      expect(client.send(request('OPTIONS', '/', fields))).toMatch(/fine$/);
      expect(origin.sides).toHaveLength(1);
    },
  );

  it('allows what is asked for by name when * meets credentials, and nothing that is no name', () => {
    const { client } = connect({
      allowedOrigins: [SITE],
      allowedMethods: ['*'],
      allowedFields: ['*'],
      allowCredentials: true,
    });

    const response = client.send(preflight('access-control-request-headers: x-a, b c,\tx-d , <e>'));

    expect(field(response, 'access-control-allow-methods')).toBe('PUT');
    expect(field(response, 'access-control-allow-headers')).toBe('x-a, x-d');
  });

  it.each([true, false])('opens a private network only when told so (%s)', (allowPrivateNetwork) => {
    const { client } = connect({ allowedOrigins: [SITE], allowPrivateNetwork });

    const response = client.send(preflight('access-control-request-private-network: true'));

    expect(field(response, 'access-control-allow-private-network')).toBe(
      allowPrivateNetwork ? 'true' : undefined,
    );
  });
});

describe('allowed origins', () => {
  const matcher = new OriginMatcher(['https://*.b.example:8443', 'http://[::1]:80']);

  it.each([
    ['https://a.b.example:8443', true],
    ['https://c.a.b.example:8443', true],
    ['https://b.example:8443', false],
    ['https://.b.example:8443', false],
    ['https://a.b.example', false],
    ['http://a.b.example:8443', false],
    ['https://evilb.example:8443', false],
    ['https://evil.example/.b.example:8443', false],
    ['https://evil.example#.b.example:8443', false],
    ['https://evil@a.b.example:8443', false],
    ['https://evil.example\\.b.example:8443', false],
    [`https://${'a.'.repeat(20_000)}!.b.example:8443`, false],
  ])('match %s: %s', (origin, isAllowed) => {
    expect(matcher.accepts(origin)).toBe(isAllowed);
  });

  it.each([
    'https://a.example/',
    'https://A.example',
    'https://a.example:443',
    'a.example',
    'null',
    'https://*',
    'https://a.*.example',
    'https://*a.example',
    '',
  ])('are refused at the start in another form: %j', (pattern) => {
    expect(() => new CorsOptions({ allowedOrigins: ['*', pattern] })).toThrow(
      /^cors: allowedOrigins\[1\]: expected \*, or an origin such as https:\/\/a\.example/,
    );
  });

  it('may not be all together with credentials', () => {
    expect(() => new CorsOptions({ allowedOrigins: ['*'], allowCredentials: true })).toThrow(
      'cors: allowCredentials: would let every site act for the user while allowedOrigins has "*"; list the origins',
    );
  });
});

function connect(
  options: Input,
  origin: Recorder = recorder(),
  {
    filters = [],
    users = [],
  }: {
    filters?: ConstructorParameters<typeof Client>[0]['filters'];
    users?: { name: string; hash: string }[];
  } = {},
): { client: Client; origin: Recorder } {
  const client = new Client({
    filters: [...filters, CorsResponseFilter, CorsFilter],
    endpoint: origin.endpoint,
    bindings: [
      [CorsOptions, new CorsOptions(options)],
      [BasicAuthOptions, new BasicAuthOptions({ users })],
    ],
  });
  return { client, origin };
}
