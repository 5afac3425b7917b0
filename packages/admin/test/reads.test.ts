import { Filter } from '@sluice/filters';
import type { InboundFilter } from '@sluice/filters';
import { fakeOrigin, unreachableOrigin } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { testAdmin, watchedGateway } from './support.ts';

@Filter({ type: 'inbound', name: 'greeting' })
class Greeting implements InboundFilter {
  apply(): void {}
}

describe('/ready', () => {
  it('is 200 while the gateway takes requests and 503 from the start of a drain, and /live stays 200', async () => {
    const silent = fakeOrigin(() => undefined);
    const { gateway, admin } = await watchedGateway({ origins: { silent } });
    gateway.connect().send();
    const before = await admin.get('/ready');
    const drained = gateway.gateway.drain({ timeoutMs: 1000 });
    const during = await admin.get('/ready');

    expect([before.status, before.text]).toEqual([200, 'ready\n']);
    expect([during.status, during.text]).toEqual([503, 'draining\n']);
    expect((await admin.get('/live')).status).toBe(200);
    expect((await admin.get('/status')).json()).toMatchObject({
      state: 'draining',
      isReady: false,
      pid: process.pid,
    });

    await gateway.settle();
    gateway.advance(1000);
    await drained;
    expect((await admin.get('/ready')).text).toBe('stopped\n');
  });
});

describe('/ready before the start', () => {
  it.each(['new', 'started'] as const)('is 503 and says so: %s', async (state) => {
    const { source } = await watchedGateway();
    const status = () => Promise.resolve({ state, isReady: false, pid: 1, uptimeMs: 0 });
    const admin = await testAdmin({ ...source, status });

    const answer = await admin.get('/ready');

    expect([answer.status, answer.text]).toEqual([503, 'starting\n']);
  });
});

describe('/metrics and /stats', () => {
  it('show the figures of the gateway, in the format that is asked for', async () => {
    const { gateway, admin } = await watchedGateway({ origins: { api: fakeOrigin() } });
    await gateway.request();

    const prometheus = await admin.get('/metrics');
    const open = await admin.get('/metrics', {
      accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5',
    });
    const stats = await admin.get('/stats?name=connectionpool_create_tot');

    expect(prometheus.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(prometheus.text).toContain(
      '# TYPE connectionpool_create_total counter\nconnectionpool_create_total{id="api"} 1\n',
    );
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.text).toContain(
      '# TYPE connectionpool_create counter\nconnectionpool_create_total{id="api"} 1\n',
    );
    expect(open.text.endsWith('\n# EOF\n')).toBe(true);
    expect(stats.json()).toMatchObject([
      {
        name: 'connectionpool_create_total',
        type: 'counter',
        samples: [{ labels: { id: 'api' }, value: 1 }],
      },
    ]);
  });

  it('are the same again after OpenMetrics was asked for', async () => {
    const { admin } = await watchedGateway({ origins: { api: fakeOrigin() } });
    const before = (await admin.get('/metrics')).text;
    await admin.get('/metrics', { accept: 'application/openmetrics-text' });

    expect((await admin.get('/metrics')).text).toBe(before);
  });
});

describe('/clusters', () => {
  it('shows servers, pools and breakers while a request is under way', async () => {
    const silent = fakeOrigin(() => undefined);
    const { gateway, admin } = await watchedGateway({
      origins: { silent: { servers: [silent, unreachableOrigin], options: { maxRequests: 1 } } },
    });
    gateway.connect().send();
    await gateway.settle();

    const json = (await admin.get('/clusters?format=json')).json();
    const { text } = await admin.get('/clusters');

    expect(json).toMatchObject([
      {
        name: 'silent',
        healthyServers: 2,
        ejectedServers: 0,
        isInPanic: false,
        options: { maxRequests: 1, connectTimeoutMs: 2000 },
        breakers: {
          connections: { used: 1, max: 1024, isOpen: false },
          requests: { used: 1, max: 1, isOpen: true },
        },
        servers: [
          {
            address: '10.1.0.1:80',
            weight: 1,
            priority: 0,
            isHealthy: true,
            activeRequests: 1,
            totalRequests: 1,
            connections: 1,
            idleConnections: 0,
          },
          { address: '10.1.0.2:80', activeRequests: 0, connections: 0 },
        ],
      },
    ]);
    expect(text).toContain('silent::breaker::requests_open::true\n');
    expect(text).toContain('silent::10.1.0.1:80::rq_active::1\nsilent::10.1.0.1:80::rq_total::1\n');
    expect(text).toContain('silent::10.1.0.2:80::health_flags::healthy\n');
  });

  it('says why a server gets no request', async () => {
    const { gateway, admin } = await watchedGateway({
      origins: {
        api: {
          servers: [unreachableOrigin],
          outlierDetection: { consecutive5xx: 1, consecutiveGatewayFailure: 1 },
        },
      },
    });
    await gateway.request();

    expect((await admin.get('/clusters')).text).toContain(
      'api::10.1.0.1:80::health_flags::/failed_outlier_check\n',
    );
    expect((await admin.get('/clusters?format=json')).json()).toMatchObject([
      { ejectedServers: 1, isInPanic: true },
    ]);
  });
});

describe('/listeners', () => {
  it('shows the pipeline with the events and the options that are in force', async () => {
    const { gateway, admin } = await watchedGateway();
    gateway.connect();

    expect((await admin.get('/listeners')).json()).toMatchObject({
      listeners: [
        {
          name: '10.0.0.1:80',
          address: '10.0.0.1:80',
          isListening: true,
          connections: 1,
          handlers: [
            {
              name: 'http-server-codec',
              className: 'HttpServerCodec',
              isSharable: false,
              options: { maxFields: 100 },
            },
            { name: 'passport-state-http-server' },
            { name: 'http-server-lifecycle' },
            {
              name: 'passport-recording',
              isSharable: true,
              inbound: ['userEventTriggered'],
              outbound: [],
              options: {},
            },
            { name: 'access-log' },
            { name: 'client-request-receiver' },
            { name: 'zuul-filter-chain' },
            { name: 'client-response-writer' },
          ],
        },
      ],
      originHandlers: [
        { name: 'http-client-codec' },
        { name: 'origin-response-receiver' },
        { name: 'connection-pool' },
      ],
    });
  });
});

describe('/filters', () => {
  it('shows them in their order, and turns one off and on again', async () => {
    const { gateway, admin } = await watchedGateway({ filters: [Greeting], origins: { api: fakeOrigin() } });
    const isEnabled = async (): Promise<unknown> => {
      const filters = (await admin.get('/filters')).json() as { name: string; isEnabled: boolean }[];
      return filters.find(({ name }) => name === 'greeting')?.isEnabled;
    };
    const off = await admin.post('/filters/greeting?enabled=false');

    expect(off.json()).toEqual([{ name: 'greeting', kind: 'inbound', isEnabled: false }]);
    expect(gateway.gateway.filters.disabled).toEqual(['greeting']);
    expect(await isEnabled()).toBe(false);

    expect((await admin.post('/filters/greeting?enabled=true')).status).toBe(200);
    expect(await isEnabled()).toBe(true);
  });

  it.each([
    ['/filters/greting?enabled=false', 404, 'There is no such filter.'],
    ['/filters/error?enabled=false', 409, "can't be turned off"],
    ['/filters/router?enabled=false', 409, "can't be turned off: nothing is answered without it"],
    ['/filters/greeting', 400, 'enabled: expected true or false, found nothing.'],
    ['/filters/greeting?enabled=no', 400, 'enabled: expected true or false, found "no".'],
  ])('refuses %s with %i', async (target, status, detail) => {
    const { admin } = await watchedGateway({ filters: [Greeting] });

    const answer = await admin.post(target);

    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining(detail) as string });
  });
});

describe('/logging', () => {
  it('shows the levels, and sets that of one logger', async () => {
    const { admin, loggers } = await watchedGateway();

    expect((await admin.get('/logging')).json()).toEqual({ loggers: { app: 'info', access: 'warn' } });
    expect((await admin.post('/logging?level=trace&logger=app')).json()).toEqual({
      loggers: { app: 'trace', access: 'warn' },
    });
    expect(loggers.app?.level).toBe('trace');
  });

  it.each([
    ['/logging', 400],
    ['/logging?level=loud', 400],
    ['/logging?level=__proto__', 400],
    ['/logging?level=debug&logger=ap', 404],
    ['/logging?level=debug&logger=toString', 404],
  ])('refuses %s with %i and changes nothing', async (target, status) => {
    const { admin, loggers } = await watchedGateway();

    expect((await admin.post(target)).status).toBe(status);
    expect(loggers).toEqual({ app: { level: 'info' }, access: { level: 'warn' } });
  });
});

describe('/config', () => {
  it('shows what is in force without its secrets', async () => {
    const config = {
      listen: '127.0.0.1:8080',
      auth: { users: { ann: 1 } },
      tls: { keyFile: '/k.pem', passphrase: 'p' },
    };
    const { admin } = await watchedGateway({}, { config: () => config });

    expect((await admin.get('/config')).json()).toEqual({
      listen: '127.0.0.1:8080',
      auth: '***',
      tls: { keyFile: '/k.pem', passphrase: '***' },
    });
  });

  it('is empty when the program has none', async () => {
    const { admin } = await watchedGateway();

    expect((await admin.get('/config')).json()).toEqual({});
  });
});
