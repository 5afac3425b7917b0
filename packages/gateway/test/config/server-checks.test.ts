import { expect, it } from 'vitest';
import { findingsOf } from './support.ts';

const HASH = 'hashPolicy: [{ type: cookie, name: s, ttlMs: 0 }]';

it.each([
  ['servers: [a:1, b:1]', []],
  [
    'servers: [a:1, b:1, { address: a:1, weight: 2 }]',
    ['found a:1 again, which counts for nothing; the first is servers[0].'],
  ],
  ['servers: ["[::1]:1", "[::1]:1"]', ['found [::1]:1 again']],
  [`servers: [a:1], ${HASH}`, ['found a hash policy, but round-robin does not look at it']],
  [`servers: [a:1], ${HASH}, loadBalancer: { policy: random }`, ['found a hash policy, but random does not']],
  [`servers: [a:1], ${HASH}, loadBalancer: maglev`, []],
  ['servers: [a:1], loadBalancer: { policy: ring-hash }', ['found ring-hash without a hashPolicy']],
  [
    'servers: [a:1, { address: b:1, weight: 2 }], loadBalancer: random',
    ['found weights, but the policy random'],
  ],
  ['servers: [a:1, { address: b:1, weight: 2 }], loadBalancer: least-request', []],
])('warns of what has no effect on the choice of a server: %s', async (origin, expected) => {
  const found = await findingsOf(
    `listeners: [{ address: 127.0.0.1:0 }]\norigins: [{ name: web, ${origin} }]\nroutes: [{ origin: web }]`,
  );

  expect(found).toEqual(expected.map((text) => expect.stringContaining(`warning: ${text}`)));
});
