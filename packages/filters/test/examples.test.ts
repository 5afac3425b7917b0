import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Hello } from './examples/hello.ts';
import { RequireApiKey } from './examples/require-api-key.ts';
import { SignBody } from './examples/sign-body.ts';
import { Shout } from './examples/shout.ts';
import { Ticker } from './examples/ticker.ts';
import { Client, GET, inbound, post, text } from './support.ts';

describe('the examples of the README', () => {
  it.each(['require-api-key', 'hello', 'shout', 'sign-body', 'ticker'])('has %s as it is here', (name) => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const example = readFileSync(new URL(`examples/${name}.ts`, import.meta.url), 'utf8');

    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  });

  it('answer', async () => {
    const client = new Client({ filters: [RequireApiKey, Shout], endpoint: Hello });

    expect(client.send(GET)).toMatch(/^HTTP\/1.1 401 [^]*An API key is needed/);
    const received = await client.sendAndSettle(post('Ada').replace('host: a', 'host: a\r\nx-api-key: 1'));

    expect(received).toMatch(/x-volume: high\r\n[^]*HELLO, ADA!/);
  });

  it('sign where a route says so', async () => {
    const route = inbound({
      shouldFilter: ({ path }) => path === '/signed',
      apply: (_request, context) => void (context.filterOverrides = new Map([['sign-body', true]])),
    });
    const client = new Client({ filters: [route, SignBody], endpoint: text('hello') });

    expect(await client.sendAndSettle(GET)).not.toContain('sha-256');
    client.send('GET /signed HTTP/1.1\r\nhost: a\r\n\r\n');
    await client.settle(20);

    expect(client.received()).toMatch(/5\r\nhello\r\n0\r\ncontent-digest: sha-256=:LPJNul\S+:\r\n\r\n$/);
  });

  it('stream', () => {
    const client = new Client({ endpoint: Ticker });

    client.send(GET);
    client.channel.clock.advance(3_000);
    expect(client.received().match(/\r\n(\d)\n\r\n/g)).toHaveLength(3);

    client.send(GET);
    client.leave();
    expect(client.channel.clock.pendingTimers).toBe(0);
  });
});
