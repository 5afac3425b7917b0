import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/command-line/usage-error.ts';
import { parseRequest } from '../src/explain/parse-request.ts';

describe('parseRequest', () => {
  it.each([
    ['http://a.example/x?q=1', 'GET', 'http', 80, 'a.example', '/x?q=1'],
    ['https://a.example:8443', 'GET', 'https', 8443, 'a.example:8443', '/'],
    ['HTTP://a.example?q#part', 'GET', 'http', 80, 'a.example', '/?q'],
    ['a.example/x/../y', 'GET', 'http', 80, 'a.example', '/x/../y'],
    ['http://[::1]:80/', 'GET', 'http', 80, '[::1]:80', '/'],
    ['PUT http://a.example/x', 'PUT', 'http', 80, 'a.example', '/x'],
    ['CONNECT a.example:443', 'CONNECT', 'http', 443, 'a.example:443', 'a.example:443'],
    ['https://[::1]/', 'GET', 'https', 443, '[::1]', '/'],
  ])('reads %s as somebody who knows curl expects', (request, method, scheme, port, authority, target) => {
    const asked = { method, scheme, port, authority, target, headers: [] };

    expect(parseRequest({ url: undefined, request, headers: [] })).toEqual(asked);
  });

  it('takes the URL as an argument too, with a method beside it', () => {
    const asked = parseRequest({
      url: 'http://a:81/b',
      request: 'POST',
      headers: ['X-A:  b c ', 'Host: shop'],
    });

    expect(asked).toMatchObject({ method: 'POST', port: 81, authority: 'shop', headers: [['X-A', 'b c']] });
  });

  it('is nothing where nothing is asked', () => {
    expect(parseRequest({ url: undefined, request: undefined, headers: [] })).toBeUndefined();
  });

  it.each([
    [{ request: 'POST' }, 'Which request? Give a URL too, like http://shop.example/cart.'],
    [{ headers: ['a: b'] }, 'Which request? Give a URL too, like http://shop.example/cart.'],
    [{ url: 'ftp://a' }, 'A request has a URL like http://shop.example/cart; got "ftp://a".'],
    [
      { url: '/cart' },
      'A request has a URL like http://shop.example/cart; got "/cart". Put a host before it: http://shop.example/cart',
    ],
    [{ url: 'http://u:p@a/' }, 'A request has a URL like http://shop.example/cart; got "http://u:p@a/".'],
    [{ url: 'http://a', request: 'GET http://b' }, 'There are two URLs: http://b and http://a.'],
    [
      { request: 'G/T http://b' },
      `--request takes a method, a URL, or both like 'GET http://a/b'; got "G/T http://b".`,
    ],
    [
      { request: 'GET a b' },
      `--request takes a method, a URL, or both like 'GET http://a/b'; got "GET a b".`,
    ],
    [{ url: 'http://a', headers: ['x'] }, `--header takes 'Name: value'; got "x".`],
    [{ url: 'http://a', headers: ['x: a\r\nb: c'] }, `--header takes 'Name: value'; got "x: a\r\nb: c".`],
  ])('refuses %j and says what it takes', (given, message) => {
    expect(() => parseRequest({ url: undefined, request: undefined, headers: [], ...given })).toThrow(
      new UsageError(message),
    );
  });
});
