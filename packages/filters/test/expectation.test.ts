import { describe, expect, it } from 'vitest';
import { Client, echo, text } from './support.ts';

const HEAD = 'POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n';

describe('a receiver that leaves expectations to the endpoint', () => {
  const receiver = { passExpectations: true };

  it('asks for the body nonetheless when somebody here waits for it', () => {
    const client = new Client({ endpoint: echo(), receiver });

    expect(client.send(HEAD)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(client.send('abc')).toMatch(/POST abc$/);
  });

  it('answers without a 100 when nobody does, and closes: the body may come all the same', () => {
    const client = new Client({ endpoint: text('no'), receiver });

    expect(client.send(HEAD)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close\r\n\r\nno$/);
  });
});
