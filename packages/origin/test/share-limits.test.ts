import { shareLimits } from '@sluice/origin';
import { expect, it } from 'vitest';

it('gives each of several processes its part of the limits that count for all', () => {
  const origin = { name: 'api', options: { maxRequests: 5, maxRetries: 0, connectTimeoutMs: 7 } };

  expect([1, 2].map((worker) => shareLimits(origin, { worker, workers: 2 }).options)).toEqual([
    {
      connectTimeoutMs: 7,
      maxConnections: 512,
      maxConnectionsPerServer: 0,
      maxPendingRequests: 512,
      maxRequests: 3,
      maxRetries: 0,
      minRetryConcurrency: 2,
      maxIdleConnections: 0,
    },
    expect.objectContaining({ maxConnections: 512, maxRequests: 2, minRetryConcurrency: 1 }),
  ]);
});

it('leaves an origin as it is where there is one process', () => {
  const origin = { name: 'api' };

  expect(shareLimits(origin, { worker: 1, workers: 1 })).toBe(origin);
});
