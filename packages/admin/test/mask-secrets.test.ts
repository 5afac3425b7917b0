import { expect, it } from 'vitest';
import { maskSecrets } from '@sluice/admin';

class Balancer {
  readonly key = 'k';
}

class PoolOptions {
  readonly maxTokens: number = 3;
}

it.each([
  [{ password: 'p' }, { password: '***' }],
  [
    { PASSWD: 'p', clientSecret: ['a'], api_key: 'a', apiKey: 'a' },
    { PASSWD: '***', clientSecret: '***', api_key: '***', apiKey: '***' },
  ],
  [{ tls: { key: 'k', privateKey: { kty: 'EC' } } }, { tls: { key: '***', privateKey: '***' } }],
  [
    { Authorization: 'Bearer x', cookie: 'a=b' },
    { Authorization: '***', cookie: '***' },
  ],
  [
    { keyFile: '/k.pem', tokenPath: '/t', secretFiles: ['/s'] },
    { keyFile: '/k.pem', tokenPath: '/t', secretFiles: ['/s'] },
  ],
  [
    { needsToken: true, maxTokens: 5, token: undefined },
    { needsToken: true, maxTokens: 5, token: undefined },
  ],
  [
    { hashKey: 'cookie', monkey: 'see' },
    { hashKey: 'cookie', monkey: 'see' },
  ],
  ['https://ann:pw@example.com/a?b', 'https://***@example.com/a?b'],
  ['https://example.com/@ann', 'https://example.com/@ann'],
  [['-----BEGIN EC PRIVATE KEY-----\nabc'], ['***']],
  ['-----BEGIN CERTIFICATE-----', '-----BEGIN CERTIFICATE-----'],
  [
    new Map<unknown, unknown>([
      ['token', 't'],
      [1, 2],
    ]),
    { token: '***', 1: 2 },
  ],
  [new Set([1, 2]), [1, 2]],
  [
    { random: Math.random, type: Balancer },
    { random: '[function random]', type: '[class Balancer]' },
  ],
  [
    { balancer: new Balancer(), pool: new PoolOptions() },
    { balancer: '[Balancer]', pool: { maxTokens: 3 } },
  ],
  [Buffer.from('abc'), '[3 bytes]'],
  [
    [Infinity, 1n, new URL('http://u:p@a/')],
    ['Infinity', '1', 'http://***@a/'],
  ],
  [new Date(0), String(new Date(0))],
  [undefined, undefined],
  [null, null],
])('shows what is fit to be shown: case %$', (value, shown) => {
  expect(maskSecrets(value)).toEqual(shown);
});

it('ends where an object holds itself', () => {
  const around: Record<string, unknown> = { name: 'a' };
  around['again'] = around;

  expect(maskSecrets(around)).toEqual({ name: 'a', again: '[…]' });
});
