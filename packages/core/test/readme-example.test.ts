import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { EmbeddedChannel } from '@sluice/core';
import type { InetSocketAddress } from '@sluice/core';
import { EchoHandler, echoServer } from './readme-example.ts';

it('sends back what it receives', () => {
  const channel = new EmbeddedChannel(new EchoHandler());
  channel.writeInbound(Buffer.from('hello'));

  expect(String(channel.readOutbound())).toBe('hello');
  expect(channel.finish()).toBe(false);
});

it('does so over TCP', async () => {
  const bound = echoServer.bind({ host: '127.0.0.1', port: 0 });
  await bound.toPromise();
  const { port } = bound.channel.localAddress as InetSocketAddress;
  const peer = connect(port, '127.0.0.1');
  peer.write('hello');
  const [answer] = await once(peer, 'data');
  peer.destroy();
  await bound.channel.close().toPromise();

  expect(String(answer)).toBe('hello');
});

it('is what the README shows', async () => {
  const read = async (path: string): Promise<string> =>
    (await readFile(new URL(path, import.meta.url), 'utf8')).replaceAll(/^ +/gm, '');
  const code = (await read('./readme-example.ts')) + (await read('./readme-example.test.ts'));
  const blocks = [...(await read('../README.md')).matchAll(/```ts\n(.*?)```/gs)].map(
    ([, block]) => block ?? '',
  );

  expect(blocks).toHaveLength(2);
  for (const block of blocks) expect(code).toContain(block.trim());
});
