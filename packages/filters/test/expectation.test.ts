import { describe, expect, it } from 'vitest';
import { HttpStatusError } from '@sluice/filters';
import { Client, deferred, echo, endpoint, far, inbound, post, text } from './support.ts';

const HEAD = 'POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

const refusing = inbound({
  apply: () => {
    throw new HttpStatusError(401, 'Who are you?');
  },
});
const buffering = inbound({ needsBodyBuffered: () => true });

describe('a client that waits for a 100', () => {
  it('is asked for its body when a filter wants all of it', () => {
    const client = new Client({ filters: [buffering], endpoint: echo() });

    expect(client.send(HEAD)).toBe(CONTINUE);
    expect(client.send('abc')).toMatch(/^HTTP\/1.1 200 [^]*POST abc$/);
  });

  it('is asked once, when the endpoint wants all of it', () => {
    const client = new Client({ endpoint: echo() });

    expect(client.send(HEAD)).toBe(CONTINUE);
    expect(client.send('abc')).toMatch(/^HTTP\/1.1 200 [^]*POST abc$/);
    expect(client.channel.isOpen).toBe(true);
  });

  it('is asked when an endpoint takes it as it comes, which sees no expectation', () => {
    const { endpoint: streaming, sides } = far();
    const client = new Client({ endpoint: streaming });

    expect(client.send(HEAD)).toBe(CONTINUE);
    client.send('abc');
    expect(sides[0]?.request.outboundRequest.expectsContinue).toBe(false);
    expect(sides[0]?.log).toEqual(['abc|end']);
  });

  it.each([
    ['an error of a filter', { filters: [refusing], endpoint: echo() }, 401],
    ['a body that is too large', { filters: [buffering], options: { maxRequestBodyBytes: 2 } }, 413],
    ['an endpoint without use for a body', { endpoint: text('no', 403) }, 403],
    [
      'an endpoint that answers at once',
      { endpoint: far((side) => (side.respond({ status: 404 }), side.last())).endpoint },
      404,
    ],
    ['an endpoint that fails at once', { endpoint: far(() => expect.unreachable()).endpoint }, 500],
    ['no endpoint', {}, 404],
  ])('has its answer at once and alone, as the last of its connection: %s', (_, settings, status) => {
    const client = new Client(settings);
    const answer = client.send(HEAD);

    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nconnection: close\r\n`));
    expect(answer).not.toContain('100 Continue');
  });

  it('is not asked while a filter thinks, and not at all once that refuses', async () => {
    const answer = deferred<void>();
    const client = new Client({ filters: [inbound({ apply: () => answer.promise })], endpoint: echo() });

    expect(await client.sendAndSettle(HEAD)).toBe('');
    answer.reject(new HttpStatusError(403, 'Not you.'));
    await client.settle();
    expect(client.received()).toMatch(/^HTTP\/1.1 403 [^]*\r\nconnection: close\r\n/);
  });

  it('is not asked when it has not waited, and keeps its connection', async () => {
    const answer = deferred<void>();
    const client = new Client({ filters: [inbound({ apply: () => answer.promise })], endpoint: echo() });

    expect(await client.sendAndSettle(HEAD, 'ab')).toBe('');
    answer.resolve();
    await client.settle();
    expect(client.received()).toBe('');
    expect(client.send('c')).toMatch(/^HTTP\/1.1 200 OK\r\n(?![^]*connection: close)[^]*POST abc$/);
    expect(await client.sendAndSettle(post('x'))).toMatch(/POST x$/);
  });

  it('gets no 100 when it speaks HTTP/1.0, which has none', () => {
    const client = new Client({ endpoint: echo() });

    expect(client.send(HEAD.replace('HTTP/1.1', 'HTTP/1.0'))).toBe('');
  });

  it('gets none from an endpoint that will answer without the body', async () => {
    const answer = deferred<never>();
    const client = new Client({ endpoint: endpoint(() => answer.promise) });

    expect(await client.sendAndSettle(HEAD)).toBe('');
  });
});

describe('a receiver that leaves expectations to the endpoint', () => {
  const receiver = { passExpectations: true };

  it('asks for the body nonetheless when somebody here waits for it', () => {
    const client = new Client({ endpoint: echo(), receiver });

    expect(client.send(HEAD)).toBe(CONTINUE);
    expect(client.send('abc')).toMatch(/POST abc$/);
  });

  it('asks for nothing when the endpoint takes the body as it comes', () => {
    const { endpoint: streaming, sides } = far();
    const client = new Client({ endpoint: streaming, receiver });

    expect(client.send(HEAD)).toBe('');
    expect(sides[0]?.request.outboundRequest.expectsContinue).toBe(true);
  });

  it('answers without a 100 when nobody does, and closes: the body may come all the same', () => {
    const client = new Client({ endpoint: text('no'), receiver });

    expect(client.send(HEAD)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close\r\n[^]*\r\n\r\nno$/);
  });
});
