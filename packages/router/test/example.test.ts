import { readFileSync } from 'node:fs';
import { findShadowedRoutes, RouteTable } from '@sluice/router';
import { describe, expect, it } from 'vitest';
import { example } from './example.ts';
import { routed } from './support.ts';
import type { Asked } from './support.ts';

describe('the example of the README', () => {
  const upload = { 'content-type': 'Image/png', 'x-version': '3', 'user-agent': 'curl' };
  it.each<[string, string, Asked?]>([
    ['robots', '/robots.txt'],
    ['images', '/IMG-1'],
    ['cart', '/cart/1'],
    ['posts', '/users/7/posts/a'],
    ['old-ids', '/item-7'],
    ['upload', '/upload?album=1', { method: 'PUT', headers: upload }],
    ['search', '/search?q'],
    ['live', '/live'],
    ['www[0]', '/', { authority: 'www.shop.test' }],
    ['default[0]', '/', { authority: 'other.example' }],
  ])('has the route %s for %s', (name, target, asked) => {
    expect(routed(example, target, { authority: 'eu.shop.example', ...asked }).context.routeName).toBe(name);
  });

  it('has no route that is never taken', () => {
    expect(findShadowedRoutes(new RouteTable(example))).toEqual([]);
  });

  it('is the file that runs here', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

    expect(read('../README.md')).toContain(read('example.ts'));
  });
});
