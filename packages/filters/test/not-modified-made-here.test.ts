// A 304 that was made here had Content-Length: 0, which tells of the 200 (RFC 9110 §8.6).
import { describe, expect, it } from 'vitest';
import { Client, far, GET, outbound, text } from './support.ts';

describe('a 304 that is made here', () => {
  it.each(['', 'a body that it must not have'])('has no length with the body "%s"', (body) => {
    const client = new Client({ endpoint: text(body, 304) });

    const response = client.send(GET) + client.send(GET);

    expect(response.match(/HTTP\/1\.1 304 Not Modified\r\n/g)).toHaveLength(2);
    expect(response).not.toMatch(/content-length|transfer-encoding|a body/i);
  });

  it('of a 200 has its length', () => {
    const late = outbound({
      apply: (response) => {
        response.status = 304;
      },
    });
    const client = new Client({ filters: [late], endpoint: text('12345') });

    expect(client.send(GET)).toMatch(/^HTTP\/1\.1 304 Not Modified\r\ncontent-length: 5\r\n[^]*\r\n\r\n$/);
  });

  it('has its body when a filter makes it a 200', () => {
    const late = outbound({
      apply: (response) => {
        response.status = 200;
      },
    });
    const client = new Client({ filters: [late], endpoint: text('12345', 304) });

    expect(client.send(GET)).toMatch(/\r\n5\r\n12345\r\n0\r\n\r\n$/);
  });
});

it('a 304 of an origin has the length that it came with', () => {
  const { endpoint } = far((side) => {
    side.respond({ status: 304, framing: 'none', contentLength: 5 });
    side.last();
  });

  expect(new Client({ endpoint }).send(GET)).toContain('content-length: 5\r\n');
});
