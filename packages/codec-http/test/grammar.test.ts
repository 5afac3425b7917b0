import { describe, expect, it } from 'vitest';
import { hostOf, parseAuthority, portOf } from '../src/grammar/authority.ts';
import { hasToken, someListElement } from '../src/grammar/list-tokens.ts';
import { isToken } from '../src/grammar/octets.ts';
import { isRequestTarget, parseAbsoluteForm } from '../src/grammar/request-target.ts';

describe('parseAuthority', () => {
  it.each([
    ['A.test', 'a.test', 'a.test', undefined],
    ['a.test:8080', 'a.test:8080', 'a.test', 8080],
    ['a.test:', 'a.test', 'a.test', undefined],
    ['my_host', 'my_host', 'my_host', undefined],
    ['a.test.', 'a.test.', 'a.test.', undefined],
    ['127.0.0.1:1', '127.0.0.1:1', '127.0.0.1', 1],
    ['[2001:DB8::1]', '[2001:db8::1]', '[2001:db8::1]', undefined],
    ['[::1]:443', '[::1]:443', '[::1]', 443],
    ['__proto__', '__proto__', '__proto__', undefined],
  ])('takes %s', (text, authority, host, port) => {
    expect(parseAuthority(text)).toBe(authority);
    expect(hostOf(authority)).toBe(host);
    expect(portOf(authority)).toBe(port);
  });

  const REFUSED =
    ' |:80|a:80a|a:-1|a:99999|a:000080|a:80:81|u@a|a/b|a#b|a?b|a\\b|a,b|a%62|*.a|a b|::1|[::1|[::g]|[::1]b|[fe80::1%25eth0]|[v1.a]|a\0|é';

  it.each(['', ...REFUSED.split('|')])('refuses %j', (text) => {
    expect(parseAuthority(text)).toBeUndefined();
  });
});

describe('parseAbsoluteForm', () => {
  it.each([
    ['http://b.test', 'GET', '/', 'b.test'],
    ['http://b.test', 'OPTIONS', '*', 'b.test'],
    ['HTTP://B.test:81/x?y', 'GET', '/x?y', 'b.test:81'],
    ['http://b.test?y=/', 'GET', '/?y=/', 'b.test'],
    ['http://[::1]/x', 'GET', '/x', '[::1]'],
  ])('splits %s', (text, method, target, authority) => {
    expect(parseAbsoluteForm(text, 'http', method)).toEqual({ target, authority });
  });

  it.each([
    'https://b.test/',
    'ftp://b/',
    'http:/b.test/',
    'http:\\\\b.test\\',
    'http://',
    'http:///x',
    'http://u@b/',
    'http://b/x#f',
    'b.test:80',
    '',
  ])('refuses %j', (text) => {
    expect(parseAbsoluteForm(text, 'http', 'GET')).toBeUndefined();
  });
});

describe('isRequestTarget', () => {
  it.each(['/', '*', '//a@b/%2e', '/a|b{c}^`<>"', '/?a?b'])('takes %j', (target) => {
    expect(isRequestTarget(target)).toBe(true);
  });

  it.each(['', 'a', '?a', '/ ', '/\t', '/\x7f', '/é', '/#', '/\\', '**'])('refuses %j', (target) => {
    expect(isRequestTarget(target)).toBe(false);
  });
});

describe('lists and tokens', () => {
  it('passes over empty elements and trims SP and HTAB alone', () => {
    const elements: string[] = [];

    someListElement(', a,,\tB ,\xa0c', (element) => elements.push(element) === 9);

    expect(elements).toEqual(['a', 'B', '\xa0c']);
    expect(hasToken('a, Close', 'close')).toBe(true);
    expect(hasToken('closed', 'close')).toBe(false);
  });

  it.each([
    ['M-SEARCH', true],
    ["!#$%&'*+-.^_`|~09Az", true],
    ['', false],
    ['a b', false],
    ['a(', false],
    ['\u212a', false],
  ])('judges whether %j is a token', (text, isOne) => {
    expect(isToken(text)).toBe(isOne);
  });
});
