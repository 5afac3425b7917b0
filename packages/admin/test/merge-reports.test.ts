import { mergeFilters, mergeListeners, mergeOrigins, mergePassports } from '@sluice/admin';
import type { ListenersReport, OriginReport, OriginServerReport, PassportReport } from '@sluice/admin';
import { expect, it } from 'vitest';

it('adds up what workers count of an origin, and their parts of its limits', () => {
  const [merged, other] = mergeOrigins([
    [origin({ active: 1, used: 1, max: 3 }), origin({ name: 'web' })],
    [origin({ active: 2, used: 2, max: 2, isOpen: true })],
  ]);

  expect(other?.name).toBe('web');
  expect(merged?.breakers.requests).toEqual({ used: 3, max: 5, isOpen: true });
  expect(merged?.servers).toEqual([server({ activeRequests: 3, totalRequests: 20, connections: 4 })]);
  expect(merged?.options).toMatchObject({ maxRequests: 5, connectTimeoutMs: 7 });
});

it('has a server healthy where all workers say so', () => {
  const [merged] = mergeOrigins([[origin({})], [origin({ isEjected: true, healthyServers: 0 })]]);

  expect(merged).toMatchObject({ healthyServers: 0, ejectedServers: 1 });
  expect(merged?.servers).toMatchObject([{ isHealthy: false, isEjected: true }]);
});

it('adds up the connections of a listener, which listens where all do', () => {
  const merged = mergeListeners([listening(true, 2), listening(false, 3)]);

  expect(merged.listeners).toEqual([
    { name: 'public', address: '127.0.0.1:80', isListening: false, connections: 5, handlers: [] },
  ]);
});

it('has a filter on where all have it on', () => {
  const filters = (isEnabled: boolean) => [
    { name: 'cors', kind: 'inbound' as const, isEnabled },
    { name: 'gzip', kind: 'outbound' as const, isEnabled: true },
  ];

  expect(mergeFilters([filters(true), filters(false)])).toEqual(filters(false));
});

it('has the latest passports of all first, or the slowest', () => {
  const first = [passport('a', 5_000, 10), passport('b', 1_000, 900)];
  const second = [passport('c', 4_500, 600), passport('d', 500, 1)];
  const pathsOf = (order: 'recent' | 'slowest') =>
    mergePassports([first, second], { order, limit: 3 }).map(({ path }) => path);

  expect(pathsOf('recent')).toEqual(['c', 'a', 'b']);
  expect(pathsOf('slowest')).toEqual(['b', 'c', 'a']);
});

it.each([
  ['origins', mergeOrigins([])],
  ['filters', mergeFilters([])],
  ['passports', mergePassports([], { order: 'recent', limit: 1 })],
  ['listeners', mergeListeners([]).listeners],
])('has no %s where no worker has answered', (_what, merged) => {
  expect(merged).toEqual([]);
});

interface Seen {
  readonly name?: string;
  readonly active?: number;
  readonly used?: number;
  readonly max?: number;
  readonly isOpen?: boolean;
  readonly isEjected?: boolean;
  readonly healthyServers?: number;
}

function origin({
  name = 'api',
  active = 0,
  used = 0,
  max = 1,
  isOpen = false,
  isEjected = false,
  healthyServers = 1,
}: Seen): OriginReport {
  const breaker = { used, max, isOpen };
  return {
    name,
    servers: [server({ activeRequests: active, isEjected, isHealthy: !isEjected })],
    healthyServers,
    ejectedServers: isEjected ? 1 : 0,
    isInPanic: false,
    breakers: { connections: breaker, pendingRequests: breaker, requests: breaker, retries: breaker },
    options: { maxRequests: max, connectTimeoutMs: 7 },
  };
}

function server(some: Partial<OriginServerReport>): OriginServerReport {
  return {
    address: '127.0.0.1:9000',
    weight: 1,
    priority: 0,
    isHealthy: true,
    failsHealthCheck: false,
    isEjected: false,
    isTripped: false,
    activeRequests: 0,
    totalRequests: 10,
    connections: 2,
    idleConnections: 0,
    pendingRequests: 0,
    ...some,
  };
}

function listening(isListening: boolean, connections: number): ListenersReport {
  const address = '127.0.0.1:80';
  return {
    listeners: [{ name: 'public', address, isListening, connections, handlers: [] }],
    originHandlers: [],
  };
}

function passport(path: string, startedAtMs: number, durationMs: number): PassportReport {
  const startedAt = new Date(startedAtMs).toISOString();
  return { startedAt, durationMs, method: 'GET', path, reason: 'SESSION_COMPLETE', states: [], passport: '' };
}
