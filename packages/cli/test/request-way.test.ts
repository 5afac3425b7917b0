import { Filter } from '@sluice/filters';
import type { FilterConstraint, InboundFilter, OutboundFilter } from '@sluice/filters';
import { RouterFilter } from '@sluice/router';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../src/explain/parse-request.ts';
import { requestWay } from '../src/explain/request-way.ts';
import type { ExplainedGateway, RequestWay } from '../src/explain/request-way.ts';
import { requestWayText } from '../src/explain/request-way-text.ts';

class ForInternalCallers implements FilterConstraint {
  isConstrained(): boolean {
    return false;
  }
}

@Filter({ type: 'inbound', name: 'login', constraints: [ForInternalCallers] })
class Login implements InboundFilter {
  apply(): void {}
}

@Filter({ type: 'inbound', name: 'beta', enabledByDefault: false })
class Beta implements InboundFilter {
  apply(): void {}
}

@Filter({ type: 'inbound', name: 'early', before: [Login] })
class Early implements InboundFilter {
  shouldFilter(): boolean {
    return true;
  }

  apply(): void {}
}

@Filter({ type: 'outbound', name: 'compress' })
class Compress implements OutboundFilter {
  apply(): void {}
}

const GATEWAY: ExplainedGateway = {
  listeners: [
    { name: 'edge', address: { host: '0.0.0.0', port: 8443 }, isTls: true },
    { name: undefined, address: { host: '127.0.0.1', port: 8080 }, isTls: false },
    { name: undefined, address: { host: '127.0.0.1', port: 8081 }, isTls: false },
  ],
  filters: [Login, Beta, Early, Compress],
  router: {
    virtualHosts: [
      {
        name: 'shop',
        domains: ['shop.example'],
        routes: [
          { name: 'old', path: { exact: '/old' }, redirect: { path: '/new', status: 308 } },
          { name: 'closed', prefix: '/closed', response: { status: 410 } },
          {
            name: 'cart',
            path: { segmentPrefix: '/cart' },
            methods: ['GET', 'POST'],
            rewrite: { prefix: '/v2', host: 'cart.internal' },
            requestHeaders: { set: { 'x-shop': '1' }, remove: ['x-beta'] },
            filters: { login: false, beta: true },
            upstream: { timeoutMs: 900, retry: { retryOn: ['5xx', 'reset'], backOffBaseMs: 5 } },
            origins: [
              { origin: 'stable', weight: 3 },
              { origin: 'canary', weight: 1 },
              { origin: 'off', weight: 0 },
            ],
            sticky: { cookie: 'session' },
          },
        ],
      },
    ],
  },
  origins: [
    {
      name: 'stable',
      servers: [
        { host: '10.0.0.1', port: 80 },
        { host: '10.0.0.2', port: 80 },
      ],
      loadBalancer: 'ring-hash',
      hashPolicy: [{ type: 'cookie', name: 'session' }, { type: 'source-address' }],
    },
    { name: 'canary', discovery: { type: 'dns', names: [{ host: 'canary.internal', port: 443 }] }, tls: {} },
    { name: 'off', servers: [{ host: '10.0.0.9', port: 80 }] },
  ],
};

describe('requestWay', () => {
  it('leads from the listener to the origin, and says what that gets', () => {
    expect(requestWayText(way('POST http://shop.example:8080/cart/7?q', ['X-Beta: 1', 'A: b']))).toBe(`\
POST http://shop.example:8080/cart/7?q

listener      http://127.0.0.1:8080
virtual host  shop
passed over   old (virtualHosts[0].routes[0]): the path /cart/7 is not exact /old
              closed (virtualHosts[0].routes[1]): the path /cart/7 is not prefix /closed
route         cart (virtualHosts[0].routes[2]): segmentPrefix /cart, method GET or POST
              timeoutMs=900  retry.retryOn=5xx,reset  retry.numRetries=1  retry.backOffBaseMs=5  retry.backOffMaxMs=250  retry.retryAfterMaxMs=0  retry.maxReplayBytes=0
inbound       router        if it takes the message
              early         if it takes the message
              login         off: turned off by the route
              beta          turned on by the route
              route-action  if it takes the message
endpoint      proxy
outbound      route-response  if it takes the message
              compress
origin        stable (75 %, by cookie session): ring-hash by cookie session, source-address over 10.0.0.1:80, 10.0.0.2:80
              canary (25 %, by cookie session): round-robin over dns canary.internal:443, with TLS
sends         POST /v2/7?q
              host: cart.internal
              A: b
              x-shop: 1`);
  });

  it('says that the host is that of the server, where a route has it so', () => {
    const upstream = { autoHost: true };
    const routes = [{ prefix: '/', origin: 'stable', rewrite: { host: 'other.example' }, upstream }];
    const asked = parseRequest({ url: 'http://shop.example/', request: undefined, headers: [] });

    const { sent } = requestWay({ ...GATEWAY, router: { routes } }, asked ?? expect.unreachable());

    expect(sent?.host).toBe('that of the server');
  });

  it('tells a filter that is off by default, and one that a constraint may skip', () => {
    expect(way('http://shop.example/old').filters.inbound).toEqual([
      { name: 'router', isOn: true, isConditional: true, constraints: [] },
      { name: 'early', isOn: true, isConditional: true, constraints: [] },
      { name: 'login', isOn: true, isConditional: false, constraints: ['ForInternalCallers'] },
      { name: 'beta', isOn: false, because: 'off by default', isConditional: false, constraints: [] },
      { name: 'route-action', isOn: true, isConditional: true, constraints: [] },
    ]);
  });

  it('says that a filter before the router runs whatever the route says', () => {
    @Filter({ type: 'inbound', name: 'first', before: [RouterFilter] })
    class First implements InboundFilter {
      apply(): void {}
    }
    const routes = [{ origin: 'canary', filters: { first: false, login: false } }];
    const asked = parseRequest({ url: 'http://a.example/', request: undefined, headers: [] });
    const gateway = { ...GATEWAY, filters: [First, Login], router: { routes } };

    const { filters } = requestWay(gateway, asked ?? expect.unreachable());

    expect(filters.inbound.map(({ name, isOn }) => `${name} ${isOn}`)).toEqual([
      'first true',
      'router true',
      'login false',
      'route-action true',
    ]);
  });

  it.each([
    ['http://shop.example/old', { status: 308, location: '/new', by: 'route' }],
    ['http://shop.example/closed', { status: 410, because: 'the route closed says so' }],
    ['http://shop.example/', { status: 404, because: 'no route matches' }],
    ['http://other.example/', { status: 404, because: 'no virtual host serves other.example' }],
    ['DELETE http://shop.example/cart', { status: 404, because: 'no route matches' }],
  ])('answers %s itself, with all filters', (request, answer) => {
    const { answer: found, origins, sent, filters } = way(request);

    expect(found).toMatchObject(answer);
    expect([origins, sent]).toEqual([[], undefined]);
    expect(filters.inbound).toHaveLength(5);
  });

  it('says of every route why it was not taken when none was', () => {
    const { route, passedOver } = way('DELETE http://shop.example/cart');

    expect(route).toBeUndefined();
    expect(passedOver.map(({ because }) => because)).toEqual([
      'the path /cart is not exact /old',
      'the path /cart is not prefix /closed',
      'not method GET or POST',
    ]);
  });

  it('ends at the router for a path that can be read in more than one way', () => {
    const { answer, filters, route } = way('http://shop.example/cart/../old');

    expect(answer).toMatchObject({ status: 400, by: 'router' });
    expect(route).toBeUndefined();
    expect(filters.inbound.map(({ name }) => name)).toEqual(['router']);
  });

  it('ends at the codec for what can not be read', () => {
    const { answer, filters } = way('http://shop.example/', ['Content-Length: x']);

    expect(answer).toMatchObject({ status: 400, by: 'codec' });
    expect(filters.inbound).toEqual([]);
    expect(filters.outbound).toHaveLength(2);
  });

  it('takes CONNECT where the codec of the listener does', () => {
    const [listener] = GATEWAY.listeners.slice(1);
    const listeners = listener === undefined ? [] : [{ ...listener, codec: { allowConnect: true } }];

    expect(way('CONNECT a.example:443').answer).toMatchObject({ status: 501 });
    expect(way('CONNECT a.example:443', [], { ...GATEWAY, listeners }).answer).toMatchObject({ status: 405 });
  });

  it.each([
    ['http://a:8081/', ['http://127.0.0.1:8081'], undefined],
    ['https://a:8443/', ['edge, https://0.0.0.0:8443'], undefined],
    ['http://a/', ['http://127.0.0.1:8080', 'http://127.0.0.1:8081'], 'none listens on port 80 itself'],
    ['https://a/', ['edge, https://0.0.0.0:8443'], 'none listens on port 443 itself'],
  ])('finds the listeners for %s', (request, listeners, listenerNote) => {
    expect(way(request)).toMatchObject({ listeners, listenerNote });
  });

  it('finds the listener by the URL, and the virtual host by the Host field', () => {
    const { listeners, virtualHost } = way('http://localhost:8081/cart', ['Host: shop.example']);

    expect([listeners, virtualHost]).toEqual([['http://127.0.0.1:8081'], 'shop']);
  });

  it('goes on where no listener speaks the scheme: there may be a proxy in front', () => {
    const plain = { ...GATEWAY, listeners: GATEWAY.listeners.slice(1) };
    const { listenerNote, route } = way('https://shop.example/cart', [], plain);

    expect([listenerNote, route?.name]).toEqual(['none speaks https', 'cart']);
  });

  it('is plain data', () => {
    const found = way('http://shop.example/cart');

    expect(structuredClone(found)).toEqual(found);
    expect(found.sent).toEqual({
      method: 'GET',
      target: '/v2',
      host: 'cart.internal',
      headers: [['x-shop', '1']],
    });
  });
});

function way(request: string, headers: readonly string[] = [], gateway = GATEWAY): RequestWay {
  const asked = parseRequest({ url: undefined, request, headers });
  if (asked === undefined) throw new Error('There is no request.');
  return requestWay(gateway, asked);
}
