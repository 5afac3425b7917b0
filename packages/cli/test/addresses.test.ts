import { expect, it } from 'vitest';
import { parseOriginUrl } from '../src/command-line/addresses.ts';
import { UsageError } from '../src/command-line/usage-error.ts';

it.each([
  ['http://a', { host: 'a', port: 80, isTls: false }],
  ['https://a:8443/', { host: 'a', port: 8443, isTls: true }],
  ['http://[::1]:9000', { host: '::1', port: 9000, isTls: false }],
])('reads the origin %s', (text, address) => {
  expect(parseOriginUrl(text)).toEqual(address);
});

it.each([
  [
    'localhost:9000',
    '--to takes a URL like http://127.0.0.1:9000; got "localhost:9000". Did you mean "http://localhost:9000"?',
  ],
  ['ftp://a', '--to takes a URL like http://127.0.0.1:9000; got "ftp://a".'],
  ['http://a:99999', '--to takes a URL like http://127.0.0.1:9000; got "http://a:99999".'],
  ['http://a/b', '--to takes a scheme, a host and a port and nothing else; got "http://a/b".'],
])('refuses the origin %s', (text, message) => {
  expect(() => parseOriginUrl(text)).toThrow(new UsageError(message));
});
