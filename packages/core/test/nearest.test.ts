import { expect, it } from 'vitest';
import { nearestName } from '@sluice/core';

it.each([
  ['adress', ['name', 'address', 'tls'], 'address'],
  ['cert', ['certFile', 'keyFile'], 'certFile'],
  ['key', ['certFile', 'keyFile'], 'keyFile'],
  ['ser', ['serverName', 'serverPort'], undefined],
  ['ce', ['certificates'], undefined],
  ['requests', ['maxTokens', 'keyBy'], undefined],
])('knows what was meant by %s', (name, names, meant) => {
  expect(nearestName(name, names)).toBe(meant);
});
