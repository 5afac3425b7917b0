import { HttpHeaders } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import { HeaderMutation, RouteTable } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { indexOfRoute, routed } from './support.ts';

type Match = NonNullable<RouteDeclaration['headers']>[number];

/** As the codec gives what a client has sent as UTF-8. */
const sent = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

describe('a value with more than ASCII in it', () => {
  it.each<[Omit<Match, 'name'>, string, boolean]>([
    [{ exact: 'é' }, sent('é'), true],
    [{ exact: 'é' }, '\u00e9', false],
    [{ exact: 'é' }, sent('è'), false],
    [{ exact: 'É', ignoreCase: true }, sent('é'), true],
    [{ prefix: '日' }, sent('日本'), true],
    [{ suffix: '本' }, sent('日本'), true],
    [{ contains: '日' }, sent('日本'), true],
    [{ regex: '[éè]' }, sent('è'), true],
    [{ regex: '[éè]' }, sent('ê'), false],
    [{ exact: 'é', invert: true }, sent('é'), false],
    // What is wanted in ASCII is compared octet by octet.
    [{ contains: 'a' }, '\u00e9a', true],
    [{ regex: '..' }, sent('é'), true],
  ])('is matched as UTF-8: %j of %j', (match, value, isMatch) => {
    const asked = { headers: { 'x-n': value } };

    expect(indexOfRoute([{ headers: [{ name: 'x-n', ...match }] }], '/', asked) === 0).toBe(isMatch);
  });

  it('is sent as UTF-8', () => {
    const headers = new HttpHeaders();
    new HeaderMutation([{ set: { 'x-set': 'é' }, add: { 'x-add': '日本' } }]).apply(headers);

    expect([...headers]).toEqual([
      ['x-set', sent('é')],
      ['x-add', sent('日本')],
    ]);
  });

  it('is sent as UTF-8 in a response of a route', () => {
    const response = { status: 200, headers: { 'x-city': 'Zürich – 東京' } };
    const { context } = routed([{ response }], '/');

    expect(context.staticResponse?.headers.get('x-city')).toBe(sent('Zürich – 東京'));
  });

  it('may not have control characters', () => {
    const requestHeaders = { set: { 'x-a': 'é\n' } };

    expect(() => new RouteTable({ routes: [{ origin: 'o', requestHeaders }] })).toThrow(
      'routes[0].requestHeaders.set.x-a: ',
    );
  });
});
