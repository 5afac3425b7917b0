import { HttpServerCodec } from '@sluice/codec-http';
import { silentLogger, handlerList } from '@sluice/core';
import type { ChannelHandler, InetSocketAddress, SocketAddress } from '@sluice/core';
import type { DiscoveredServer } from '@sluice/discovery';
import { ClientRequestReceiver, ClientResponseWriter, Filter, ZuulFilterChainHandler } from '@sluice/filters';
import type { InboundFilter } from '@sluice/filters';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import type { OriginConfig } from '@sluice/origin';
import { ContainerModule, inject } from 'inversify';
import { defer, Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Gateway, ListenError } from '../src/index.ts';
import type { GatewayDeclaration, PreparedReload } from '../src/index.ts';

const HANDLERS = handlerList(
  HttpServerCodec,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);
const ANY_PORT: SocketAddress = { host: '127.0.0.1', port: 0 };
const A: SocketAddress = { host: '127.0.0.1', port: 1 };
const B: SocketAddress = { host: '127.0.0.1', port: 2 };

class CountOptions {
  readonly most: number = 1;
}

let made: CountFilter[] = [];

@Filter({ type: 'inbound', name: 'count' })
class CountFilter implements InboundFilter {
  readonly options: CountOptions;
  timesDestroyed = 0;

  constructor(@inject(CountOptions) options: CountOptions) {
    this.options = options;
    made.push(this);
  }

  get isDestroyed(): boolean {
    return this.timesDestroyed > 0;
  }

  apply(): void {}

  destroy(): void {
    this.timesDestroyed++;
  }
}

let destroyed: string[] = [];

@Filter({ type: 'inbound', name: 'kept' })
class KeptFilter implements InboundFilter {
  apply(): void {}

  destroy(): void {
    destroyed.push('kept');
  }
}

@Filter({ type: 'inbound', name: 'refusing', after: [CountFilter] })
class RefusingFilter implements InboundFilter {
  constructor() {
    throw new Error('no');
  }

  apply(): void {}
}

let tallies = 0;

@Handler({ name: 'tally', sharable: true })
class TallyHandler implements ChannelHandler {
  readonly sharable = true;

  constructor(@inject(CountOptions) _options: CountOptions) {
    tallies++;
  }
}

describe('origins', () => {
  it('stay as they are when they are declared as before', async () => {
    const gateway = await started({ origins: [origin('web')] });
    const before = gateway.getOrigin('web');
    await gateway.reload({ ...LISTENING, origins: [origin('web'), origin('more')] });

    expect(gateway.getOrigin('web')).toBe(before);
    expect(gateway.getOrigin('more')).toBeDefined();
  });

  it('keep the servers that stay when others come and go', async () => {
    const gateway = await started({ origins: [{ name: 'web', servers: [A] }] });
    const [before] = gateway.getOrigin('web')?.servers ?? [];
    await gateway.reload({ ...LISTENING, origins: [{ name: 'web', servers: [{ ...A, weight: 3 }, B] }] });
    const after = gateway.getOrigin('web')?.servers ?? [];

    expect(after.map(({ name, weight }) => [name, weight])).toEqual([
      ['127.0.0.1:1', 3],
      ['127.0.0.1:2', 1],
    ]);
    expect(after[0]).toBe(before);
  });

  it('begin anew when something else of them is declared', async () => {
    const gateway = await started({ origins: [origin('web')] });
    const before = gateway.getOrigin('web');
    await gateway.reload({ ...LISTENING, origins: [{ ...origin('web'), loadBalancer: 'random' }] });

    expect(gateway.getOrigin('web')).not.toBe(before);
  });

  it('are served only when their servers are known', async () => {
    const servers$ = new Subject<readonly DiscoveredServer[]>();
    const gateway = await started({ origins: [origin('web')] });
    const before = gateway.getOrigin('web');
    const looking = whenSubscribed(servers$);
    const reloading = gateway.reload({ ...LISTENING, origins: [{ name: 'web', discovery: looking }] });
    await looking.isSubscribed;
    const meanwhile = gateway.getOrigin('web');
    servers$.next([{ address: B }]);
    await reloading;

    expect(meanwhile).toBe(before);
    expect(gateway.getOrigin('web')?.servers.map(({ name }) => name)).toEqual(['127.0.0.1:2']);
  });
});

describe('filters', () => {
  it('stay with all that they know when their options say the same', async () => {
    const gateway = await started({ filters: [CountFilter], modules: [options(CountOptions, { most: 2 })] });
    const [first] = made;
    await gateway.reload({
      ...LISTENING,
      filters: [CountFilter],
      modules: [options(CountOptions, { most: 2 })],
    });

    expect(made).toEqual([first]);
    expect(first?.isDestroyed).toBe(false);
  });

  it('are made anew for other options, and destroyed when nobody has them', async () => {
    const gateway = await started({ filters: [CountFilter] });
    await gateway.reload({
      ...LISTENING,
      filters: [CountFilter],
      modules: [options(CountOptions, { most: 2 })],
    });
    await gateway.reload(LISTENING);

    expect(made.map(({ options: { most }, isDestroyed }) => [most, isDestroyed])).toEqual([
      [1, true],
      [2, true],
    ]);
  });
});

describe('filters of a reload that comes to nothing', () => {
  it.each<[string, Partial<GatewayDeclaration>]>([
    ['filters', { filters: [CountFilter, RefusingFilter] }],
    ['handlers', { listeners: [{ address: ANY_PORT, handlers: HANDLERS.slice(1) }] }],
  ])('are destroyed, and those in use are not: %s', async (_what, wrong) => {
    const gateway = await started({ filters: [CountFilter, KeptFilter] });
    const filters = [CountFilter, KeptFilter];
    const modules = [options(CountOptions, { most: 2 })];
    await expect(gateway.reload({ ...LISTENING, filters, modules, ...wrong })).rejects.toThrow();
    const [used, ...refused] = made;

    expect(used?.isDestroyed).toBe(false);
    expect(refused.map(({ isDestroyed }) => isDestroyed)).toEqual([true]);
    expect(destroyed).toEqual([]);
  });

  it.each<[string, (gateway: Gateway, prepared: PreparedReload) => Promise<void>]>([
    ['discarded', async (_gateway, prepared) => prepared.discard()],
    ['ended by a stop', async (gateway) => gateway.stop()],
  ])('are destroyed once when it is %s', async (_how, end) => {
    const gateway = await started({ filters: [CountFilter, KeptFilter] });
    const filters = [CountFilter, KeptFilter];
    const modules = [options(CountOptions, { most: 2 })];
    const prepared = await gateway.prepareReload({ ...LISTENING, filters, modules });
    await end(gateway, prepared);
    await gateway.stop();

    expect(made.map(({ timesDestroyed }) => timesDestroyed)).toEqual([1, 1]);
    expect(destroyed).toEqual(['kept']);
  });

  it('are destroyed once when a stop comes while it looks for servers', async () => {
    const gateway = await started({});
    const looking = whenSubscribed(new Subject<readonly DiscoveredServer[]>());
    const origins = [{ name: 'web', discovery: looking }];
    const reloading = gateway.reload({ ...LISTENING, origins, filters: [CountFilter] });
    const refused = expect(reloading).rejects.toThrow();
    await looking.isSubscribed;
    await Promise.all([refused, gateway.stop()]);

    expect(made.map(({ timesDestroyed }) => timesDestroyed)).toEqual([1]);
  });

  it('are destroyed when there is no gateway in the end', () => {
    made = [];
    const wrong = { ...LISTENING, filters: [CountFilter, RefusingFilter] };

    expect(() => new Gateway(wrong)).toThrow();
    expect(made.map(({ isDestroyed }) => isDestroyed)).toEqual([true]);
  });
});

describe('listeners', () => {
  it('keep listening where their address stays, and come and go otherwise', async () => {
    const gateway = await started({});
    const [first] = gateway.addresses;
    await gateway.reload({ listeners: [...LISTENING.listeners, ...LISTENING.listeners] });
    const two = gateway.addresses;
    await gateway.reload(LISTENING);

    expect(two).toHaveLength(2);
    expect(two[0]).toEqual(first);
    expect(gateway.addresses).toEqual([first]);
  });

  it('are not touched when one of them can not be bound', async () => {
    const other = await started({});
    const gateway = await started({ origins: [origin('web')] });
    const [before] = gateway.addresses;
    const taken = { address: other.addresses[0] ?? ANY_PORT, handlers: HANDLERS };
    const reloading = gateway.reload({
      listeners: [{ address: { host: '127.0.0.1', port: 0 }, handlers: HANDLERS }, taken],
      origins: [],
    });

    await expect(reloading).rejects.toBeInstanceOf(ListenError);
    expect(gateway.addresses).toEqual([before]);
    expect(gateway.getOrigin('web')).toBeDefined();
    expect(gateway.isReady).toBe(true);
  });

  it.each(['0.0.0.0', 'localhost'])('says that it is the one which has the port, for %s', async (host) => {
    const gateway = await started({});
    const [own] = gateway.addresses;
    const { port } = own as InetSocketAddress;
    const reloading = gateway.reload({ listeners: [{ address: { host, port }, handlers: HANDLERS }] });

    await expect(reloading).rejects.toThrow(
      `${host}:${port} is in use by this gateway itself, which listens there as 127.0.0.1:${port}. Listen on another port; to put one in the place of the other takes a restart.`,
    );
    expect(gateway.addresses).toEqual([own]);
  });

  it.each<[string, Partial<GatewayDeclaration>, Partial<GatewayDeclaration>, number]>([
    ['options of the gateway that say the same', withOptions(2), withOptions(2), 1],
    ['other options of the gateway', withOptions(2), withOptions(3), 2],
    ['options of the listener that say the same', listenerWith(2), listenerWith(2), 1],
    ['other options of the listener', listenerWith(2), listenerWith(3), 2],
    ['options of the listener in place of those of the gateway', withOptions(2), listenerWith(2), 2],
  ])('keep their sharable handlers as it goes: %s', async (_what, before, after, expected) => {
    const gateway = await started(before);
    await gateway.reload({ ...LISTENING, ...after });

    expect(tallies).toBe(expected);
  });
});

describe('a reload', () => {
  it.each<[string, Partial<GatewayDeclaration>]>([
    ['routes', { routes: [{ origin: 'nobody' }] }],
    ['origins', { origins: [{ name: 'web', servers: [{ ...A, weight: 0 }] }] }],
    ['handlers', { listeners: [{ address: ANY_PORT, handlers: HANDLERS.slice(1) }] }],
    ['origin handlers', { originHandlers: [] }],
  ])('with wrong %s throws, and nothing has changed', async (_what, wrong) => {
    const gateway = await started({ origins: [origin('web')], filters: [CountFilter] });
    const before = gateway.getOrigin('web');

    await expect(gateway.reload({ ...LISTENING, ...wrong })).rejects.toThrow();
    expect(gateway.getOrigin('web')).toBe(before);
    expect(before?.servers).toHaveLength(1);
    expect(made.map(({ isDestroyed }) => isDestroyed)).toEqual([false]);
  });

  it('waits for the one before', async () => {
    const gateway = await started({});
    const reloads = ['a', 'b', 'c'].map((name) => gateway.reload({ ...LISTENING, origins: [origin(name)] }));
    await Promise.all(reloads);

    expect(['a', 'b', 'c'].map((name) => gateway.getOrigin(name)?.name)).toEqual([undefined, undefined, 'c']);
  });

  it('is refused before the start and after the end', async () => {
    const gateway = new Gateway(LISTENING);
    await expect(gateway.reload(LISTENING)).rejects.toThrow(
      "A gateway that was not started can't be reloaded.",
    );
    await gateway.start();
    await gateway.stop();

    await expect(gateway.reload(LISTENING)).rejects.toThrow("A gateway that was stopped can't be reloaded.");
  });

  it('that is under way at the end leaves nothing behind', async () => {
    const servers$ = new Subject<readonly DiscoveredServer[]>();
    const gateway = await started({});
    const looking = whenSubscribed(servers$);
    const reloading = gateway.reload({ ...LISTENING, origins: [{ name: 'web', discovery: looking }] });
    const refused = expect(reloading).rejects.toThrow("A gateway that was stopped can't be reloaded.");
    await looking.isSubscribed;
    await Promise.all([refused, gateway.stop()]);

    expect(gateway.addresses).toEqual([]);
    expect(servers$.observed).toBe(false);
  });
});

function withOptions(most: number): Partial<GatewayDeclaration> {
  const listeners = [{ address: ANY_PORT, handlers: [TallyHandler, ...HANDLERS] }];
  return { listeners, modules: [options(CountOptions, { most })] };
}

function listenerWith(most: number): Partial<GatewayDeclaration> {
  const modules = [options(CountOptions, { most })];
  return { listeners: [{ address: ANY_PORT, handlers: [TallyHandler, ...HANDLERS], modules }] };
}

const LISTENING: GatewayDeclaration = {
  listeners: [{ address: ANY_PORT, handlers: HANDLERS }],
  logger: silentLogger,
};

async function started(declaration: Partial<GatewayDeclaration>): Promise<Gateway> {
  made = [];
  destroyed = [];
  tallies = 0;
  const gateway = new Gateway({ ...LISTENING, ...declaration });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  return gateway;
}

function whenSubscribed<T>(servers$: Observable<T>): {
  servers$: Observable<T>;
  isSubscribed: Promise<void>;
} {
  let tell = (): void => {};
  const isSubscribed = new Promise<void>((resolve) => (tell = resolve));
  const told$ = defer(() => {
    tell();
    return servers$;
  });
  return { servers$: told$, isSubscribed };
}

function origin(name: string): OriginConfig {
  return { name, servers: [A], options: { connectTimeoutMs: 5 } };
}

function options<T extends object>(type: new () => T, value: T): ContainerModule {
  return new ContainerModule(({ bind }) => void bind(type).toConstantValue(value));
}
