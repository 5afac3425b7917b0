import {
  HeaderMutationOptions,
  MirrorFilter,
  MirrorOptions,
  RequestHeaderMutationFilter,
} from '@sluice/builtin-filters';
import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { FilterClass, HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { fakeOrigin, testGateway } from '@sluice/testing';
import type { ReceivedRequest } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { describe, expect, it } from 'vitest';

const ROUTES = [
  { path: { exact: '/login' }, redirect: { path: '/in' } },
  { path: { exact: '/closed' }, response: { status: 410 } },
  {
    prefix: '/api/',
    origin: 'api',
    rewrite: { prefix: '/v2/', host: 'in.example' },
    requestHeaders: { remove: ['x-debug'], set: { 'x-from': 'edge' } },
  },
];

/** Chooses who answers, where the client says so. */
@Filter({ type: 'inbound', name: 'chooser' })
class Chooser implements InboundFilter {
  apply(request: HttpRequestMessage, context: SessionContext): void {
    if (request.headers.has('x-answer'))
      context.staticResponse = HttpResponseMessage.make(context, { status: 403 });
  }
}

describe.each(['GET', 'POST'])('a copy of a %s', (method) => {
  it.each(['/login', '/closed', '/nowhere'])('is not made when no origin gets it: %s', async (target) => {
    const { api, shadow } = await mirrored(method, target);

    expect([api, shadow]).toEqual([[], []]);
  });

  it('is not made when a filter has answered it', async () => {
    const { api, shadow } = await mirrored(method, '/api/a', ['x-answer: 1']);

    expect([api, shadow]).toEqual([[], []]);
  });

  it('is what the origin gets, but for the host', async () => {
    const { api, shadow } = await mirrored(method, '/api/a?b', ['x-debug: 1', 'x-a: 1']);

    expect(api.map(inWords)).toEqual([`${method} /v2/a?b in.example`]);
    expect(shadow.map(inWords)).toEqual([`${method} /v2/a?b in.example-shadow`]);
    expect(shadow.map(({ headers, text }) => [[...headers], text])).toEqual(
      api.map(({ headers, text }) => [[...headers], text]),
    );
    expect(shadow[0]?.headers.get('x-forwarded-host')).toBe('a.example');
    expect(shadow[0]?.headers.get('x-from')).toBe('edge');
    expect(shadow[0]?.headers.get('x-method')).toBe(method);
  });

  it('is made behind a filter that is declared later', async () => {
    const { shadow } = await mirrored(method, '/api/a', ['x-answer: 1'], [MirrorFilter, Chooser]);

    expect(shadow).toEqual([]);
  });
});

type Received = Readonly<Record<'api' | 'shadow', readonly ReceivedRequest[]>>;

/** What the origin, and the one that gets copies, receive of a request. */
async function mirrored(
  method: string,
  target: string,
  fields: readonly string[] = [],
  filters: readonly FilterClass[] = [MirrorFilter, Chooser, RequestHeaderMutationFilter],
): Promise<Received> {
  const api = fakeOrigin();
  const shadow = fakeOrigin();
  const module = new ContainerModule(({ bind }) => {
    const mutation = { request: { set: { 'x-method': '%METHOD%' } } };
    bind(MirrorOptions).toConstantValue(new MirrorOptions({ origin: 'shadow' }));
    bind(HeaderMutationOptions).toConstantValue(new HeaderMutationOptions(mutation));
  });
  const gateway = await testGateway({ filters, modules: [module], origins: { api, shadow }, routes: ROUTES });
  const length = method === 'POST' ? ['content-length: 1'] : [];
  const head = [`${method} ${target} HTTP/1.1`, 'host: a.example', ...length, ...fields, '', ''];
  gateway.connectRaw().send(`${head.join('\r\n')}${method === 'POST' ? 'a' : ''}`);
  await gateway.settle();
  await gateway.stop();
  return { api: api.requests, shadow: shadow.requests };
}

function inWords({ method, target, authority }: ReceivedRequest): string {
  return `${method} ${target} ${authority}`;
}
