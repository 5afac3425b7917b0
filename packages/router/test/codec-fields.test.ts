import { describe, expect, it } from 'vitest';
import { RouteTable } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { indexOfRoute, routed } from './support.ts';
import type { Asked } from './support.ts';

type Match = NonNullable<RouteDeclaration['headers']>[number];

describe('a field that the codec owns', () => {
  it.each<[Match, Asked, boolean]>([
    [{ name: 'Host', exact: 'a.example:81' }, { authority: 'A.example:81' }, true],
    [{ name: 'host', suffix: '.example', invert: true }, {}, false],
    [{ name: 'host', present: false }, {}, false],
    [{ name: 'upgrade', exact: 'websocket' }, { upgrade: 'websocket' }, true],
    [{ name: 'upgrade', present: false }, { upgrade: 'websocket' }, false],
    [{ name: 'upgrade', present: false }, {}, true],
  ])('is matched like any other: %j of %j', (match, asked, isMatch) => {
    expect(indexOfRoute([{ headers: [match] }], '/', asked) === 0).toBe(isMatch);
  });

  it('keeps a client with an origin', () => {
    const origins = Array.from({ length: 50 }, (_, at) => ({ origin: `o${at}`, weight: 1 }));
    const chosen = (authority: string, random: number) =>
      routed([{ origins, sticky: { header: 'Host' } }], '/', { authority, random: () => random }).context
        .origin;

    expect(chosen('a.example', 0)).toBe(chosen('A.example', 0.99));
    expect(chosen('a.example', 0)).not.toBe(chosen('b.example', 0));
  });

  it.each(['connection', 'Keep-Alive', 'proxy-connection', 'trailer', 'http2-settings'])(
    'is refused where nothing tells of it: %s',
    (name) => {
      const expected = 'expected a field that the codec does not keep to itself';
      const origins = [{ origin: 'o', weight: 1 }];

      expect(() => new RouteTable({ routes: [{ headers: [{ name }], origin: 'o' }] })).toThrow(
        `routes[0].headers[0].name: ${expected}, found "${name}"`,
      );
      expect(() => new RouteTable({ routes: [{ origins, sticky: { header: name } }] })).toThrow(
        `routes[0].sticky.header: ${expected}, found "${name}"`,
      );
    },
  );
});
