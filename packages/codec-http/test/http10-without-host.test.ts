import { expect, it } from 'vitest';
import { byteByByte, bytes, decodeRequests } from './support.ts';

const options = { defaultHostForHttp10: 'Checks.test:8080' };

// Health checks of load balancers come so: RFC 9112 §3.2 asks for a Host field in HTTP/1.1 alone.
it.each([
  ['GET /ready HTTP/1.0\r\n\r\n', 'GET /ready checks.test:8080'],
  ['GET http://a.test/ HTTP/1.0\r\n\r\n', 'GET / a.test'],
  ['GET / HTTP/1.0\r\nHost: a.test\r\n\r\n', 'GET / a.test'],
])('takes %j where there is a default host', (text, start) => {
  for (const pieces of [[bytes(text)], byteByByte(text)])
    expect(decodeRequests(pieces, options)).toMatchObject([{ start, failure: undefined, complete: true }]);
});

it.each([
  ['GET / HTTP/1.1\r\n\r\n', 'http1.missing_host'],
  ['GET / HTTP/1.0\r\nHost:\r\n\r\n', 'http1.bad_host'],
  ['GET / HTTP/1.0\r\nHost: a.test\r\nHost: a.test\r\n\r\n', 'http1.duplicate_host'],
])('refuses %j all the same', (text, failure) => {
  expect(decodeRequests([bytes(text)], options)).toMatchObject([{ failure }]);
});

it('refuses every request of a default host that is none', () => {
  const wrong = { defaultHostForHttp10: 'a,b' };

  expect(decodeRequests([bytes('GET / HTTP/1.0\r\n\r\n')], wrong)).toMatchObject([
    { failure: 'http1.bad_host' },
  ]);
});
