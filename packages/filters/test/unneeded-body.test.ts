// A request with a body that was answered here ended its connection, also where all of the body was there.
import { HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import {
  chunk,
  CHUNKED_POST,
  Client,
  deferred,
  endpoint,
  far,
  GET,
  inbound,
  outbound,
  post,
  text,
} from './support.ts';
import type { ClientSettings } from './support.ts';

const LARGE = 64 * 1024 + 1;

const refuse = inbound({ apply: () => raise(new HttpStatusError(403, 'No.')) });
const answer = inbound({
  apply: (_request, context) => {
    context.staticResponse = HttpResponseMessage.make(context, { status: 403 });
  },
});
const fails = endpoint(() => raise(new HttpStatusError(403, 'No.')));

describe('a connection goes on behind a local reply', () => {
  it.each<[string, readonly string[]]>([
    ['in the same read', [post('12345')]],
    ['in the same read, of no known length', [`${CHUNKED_POST}${chunk('12345')}0\r\n\r\n`]],
    ['in the same read, and is large', [post('x'.repeat(LARGE))]],
    ['later', [post('', 5), '123', '45']],
    ['later, and is the largest that is awaited', [post('1', LARGE - 1), 'x'.repeat(LARGE - 2)]],
  ])('to a request whose body came %s', (_when, pieces) => {
    const { endpoint: origin, sides } = far();
    const client = new Client({ filters: [refuse], endpoint: origin });

    for (const piece of pieces.slice(0, -1)) expect(client.send(piece)).toBe('');
    const response = client.send(...pieces.slice(-1));

    expect(response).toMatch(/^HTTP\/1.1 403 /);
    expect(response).not.toContain('connection: close');
    expect(client.send(GET)).toMatch(/^HTTP\/1.1 403 /);
    expect(sides).toHaveLength(0);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it.each<[string, ClientSettings]>([
    ['an error of a filter', { filters: [refuse] }],
    ['an answer of a filter', { filters: [answer] }],
    ['an error of an endpoint', { endpoint: fails }],
    ['an answer of an endpoint', { endpoint: text('no', 403) }],
  ])('as %s, with the next request right behind the body', (_what, settings) => {
    const client = new Client(settings);

    expect(client.send(post('', 5))).toBe('');
    expect(client.send(`12345${GET}`).match(/HTTP\/1.1 403 /g)).toHaveLength(2);
  });

  it('that was made while a filter held the body', async () => {
    const first = deferred<void>();
    const client = new Client({ filters: [inbound({ apply: () => first.promise }), refuse] });

    client.send(post('123', 5));
    first.resolve();
    await client.settle();
    expect(client.received()).toBe('');

    const responses = await client.sendAndSettle(`45${GET}`);
    expect(responses.match(/HTTP\/1.1 403 /g)).toHaveLength(2);
  });
});

describe('a local reply waits for the rest of a body', () => {
  it('for a second at most', () => {
    const mark = outbound({ apply: (response) => void response.headers.set('x-mark', '1') });
    const client = new Client({ filters: [refuse, mark] });

    client.send(post('1', 5));
    client.channel.clock.advance(999);
    expect(client.received()).toBe('');
    client.channel.clock.advance(1);

    expect(client.received()).toMatch(/^HTTP\/1.1 403 [^]*connection: close\r\n[^]*x-mark: 1\r\n/);
    client.channel.clock.advance(5_000);
    expect(client.channel.isOpen).toBe(false);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('until its client has ended it before its time', () => {
    const client = new Client({ filters: [refuse] });

    client.send(post('1', 5));
    client.channel.endInput();

    expect(client.received()).toMatch(/^HTTP\/1.1 403 [^]*connection: close/);
  });

  it('and not longer than its client does', () => {
    const client = new Client({ filters: [refuse] });

    client.send(post('1', 5));
    client.leave();

    expect(client.received()).toBe('');
    expect(client.channel.clock.pendingTimers).toBe(0);
  });
});

describe('a local reply does not wait', () => {
  it.each([
    ['is large', post('1', LARGE)],
    ['has no known length', CHUNKED_POST + chunk('1')],
    [
      'is announced by a client that waits for a 100',
      post('', 5).replace('host', 'expect: 100-continue\r\nhost'),
    ],
    ['is the last of its connection', post('', 5).replace('host', 'connection: close\r\nhost')],
  ])('for a body that %s', (_what, request) => {
    expect(new Client({ filters: [refuse] }).send(request)).toMatch(/^HTTP\/1.1 403 [^]*connection: close/);
  });

  it('where it closes the connection by itself', () => {
    const error = new HttpStatusError(403, 'No.', { keepAlive: false });
    const client = new Client({ filters: [inbound({ apply: () => raise(error) })] });

    expect(client.send(post('', 5))).toMatch(/^HTTP\/1.1 403 [^]*connection: close/);
  });

  it('as one of an origin does not', () => {
    const origin = far((side) => {
      side.respond({ status: 403, contentLength: 0 });
      side.last();
    });

    expect(new Client({ endpoint: origin.endpoint }).send(post('', 5))).toMatch(
      /^HTTP\/1.1 403 [^]*connection: close/,
    );
  });
});

function raise(error: Error): never {
  throw error;
}
