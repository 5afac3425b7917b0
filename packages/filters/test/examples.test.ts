import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Hello } from './examples/hello.ts';
import { RequireApiKey } from './examples/require-api-key.ts';
import { Shout } from './examples/shout.ts';
import { Ticker } from './examples/ticker.ts';
import { Client, GET, post } from './support.ts';

describe('the examples of the README', () => {
  it.each(['require-api-key', 'hello', 'shout', 'ticker'])('has %s as it is here', (name) => {
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
