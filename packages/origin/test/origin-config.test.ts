import { describe, expect, it } from 'vitest';
import { OriginManager } from '../src/index.ts';
import type { OriginConfig } from '../src/index.ts';
import { embeddedConnector } from './support.ts';

describe('the config of an origin', () => {
  it.each<[Partial<Record<keyof OriginConfig, unknown>>, string]>([
    [{ name: 'a\n' }, 'origins[1].name must be a name without control characters; got "a\\n".'],
    [{ name: '' }, 'origins[1].name must be a name without control characters; got "".'],
    [
      { servers: [{ host: 'a', port: 1, weight: 0 }] },
      'origins[1].servers[0].weight must be a number above 0; got 0.',
    ],
    [
      { servers: [{ host: 'a', port: 1, priority: 1.5 }] },
      'origins[1].servers[0].priority must be a whole number from 0; got 1.5.',
    ],
    [
      { loadBalancer: 'round-robbin' },
      'origins[1].loadBalancer.policy must be one of round-robin, least-request, random, ring-hash, maglev; got "round-robbin".',
    ],
    [{ loadBalancer: 7 }, 'origins[1].loadBalancer must be a policy or an object; got 7.'],
    [
      { loadBalancer: { panicThresholdPercent: 101 } },
      'origins[1].loadBalancer.panicThresholdPercent must be a number from 0 to 100; got 101.',
    ],
    [
      { loadBalancer: { minRingSize: 9, maxRingSize: 8 } },
      'origins[1].loadBalancer.minRingSize must be at most maxRingSize; got 9.',
    ],
    [
      { loadBalancer: { maglevTableSize: 65_536 } },
      'origins[1].loadBalancer.maglevTableSize must be a prime; got 65536.',
    ],
    [{ hashPolicy: {} }, 'origins[1].hashPolicy must be a list; got {}.'],
    [
      { hashPolicy: [{ type: 'jwt' }] },
      'origins[1].hashPolicy[0].type must be one of header, cookie, source-address, query; got "jwt".',
    ],
    [
      { hashPolicy: [{ type: 'query' }] },
      'origins[1].hashPolicy[0].name must be a text that is not empty; got nothing.',
    ],
    [
      { hashPolicy: [{ type: 'cookie', name: 'a=b' }] },
      'origins[1].hashPolicy[0].name must be the name of a header or cookie; got "a=b".',
    ],
    [
      { hashPolicy: [{ type: 'header', name: 'Connection' }] },
      'origins[1].hashPolicy[0].name must be a field that the codec does not keep to itself; got "Connection".',
    ],
    [
      { hashPolicy: [{ type: 'cookie', name: 'a', ttlMs: -1 }] },
      'origins[1].hashPolicy[0].ttlMs must be a number from 0; got -1.',
    ],
    [
      { hashPolicy: [{ type: 'cookie', name: 'a', path: '/; Domain=b' }] },
      'origins[1].hashPolicy[0].path must be a path; got "/; Domain=b".',
    ],
    [{ healthCheck: { intervalMs: 0 } }, 'origins[1].healthCheck.intervalMs must be a number from 1; got 0.'],
    [
      { healthCheck: { path: 'health' } },
      'origins[1].healthCheck.path must be a path, as /health; got "health".',
    ],
    [
      { healthCheck: { host: 'a b' } },
      'origins[1].healthCheck.host must be a host, with a port or without; got "a b".',
    ],
    [
      { healthCheck: { expectedStatuses: [[200, 99]] } },
      'origins[1].healthCheck.expectedStatuses must be a list of statuses or [from, to] ranges of them; got [[200,99]].',
    ],
    [
      { healthCheck: { interval: 5 } },
      'origins[1].healthCheck.interval is not known; known are type, path, host, expectedStatuses, retriableStatuses, intervalMs, unhealthyIntervalMs, jitterMs, timeoutMs, healthyThreshold, unhealthyThreshold.',
    ],
    [
      { outlierDetection: { splitLocalOriginErrors: 1 } },
      'origins[1].outlierDetection.splitLocalOriginErrors must be true or false; got 1.',
    ],
    [{ outlierDetection: 5 }, 'origins[1].outlierDetection must be an object; got 5.'],
    [{ discovery: { type: 'eds' } }, 'origins[1].discovery.type must be one of dns, srv, file; got "eds".'],
    [{ discovery: { type: 'dns' } }, 'origins[1].discovery.names must be a list of names; got nothing.'],
    [
      { discovery: { type: 'dns', names: [{ host: 'a' }] } },
      'origins[1].discovery.names[0].port must be a port; got nothing.',
    ],
    [
      { discovery: { type: 'dns', names: [{ host: 'a', port: 1 }], family: 'ipv5' } },
      'origins[1].discovery.family must be one of any, ipv4, ipv6; got "ipv5".',
    ],
    [
      { discovery: { type: 'srv', service: 'a', minRefreshMs: 5000, maxRefreshMs: 100 } },
      'origins[1].discovery.minRefreshMs must be at most maxRefreshMs; got 5000.',
    ],
    [
      { discovery: { type: 'srv' } },
      'origins[1].discovery.service must be a text that is not empty; got nothing.',
    ],
    [
      { discovery: { type: 'file', path: 7 } },
      'origins[1].discovery.path must be a text that is not empty; got 7.',
    ],
    [
      { discovery: { type: 'file', path: 'servers.yaml' } },
      'origins[1].discovery.parse must be a function that reads YAML, as parse of the package yaml; got nothing.',
    ],
    [
      { discovery: { type: 'file', path: 'servers.json', parse: 'yaml' } },
      'origins[1].discovery.parse must be a function; got "yaml".',
    ],
  ])('is refused with %j', (wrong, message) => {
    const connector = embeddedConnector();
    const configs = [
      { name: 'a', servers: [] },
      { name: 'b', servers: [], ...wrong },
    ] as OriginConfig[];

    expect(() => new OriginManager(configs, connector, connector.loop)).toThrow(message);
  });
});
