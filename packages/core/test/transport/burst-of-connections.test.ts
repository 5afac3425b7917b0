import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import type { ChannelHandlerContext } from '@sluice/core';
import { listen } from '../support/sockets.ts';

/** More than Node.js asks the system to keep, which is 511. */
const CLIENTS = 1_000;
const CONNECTED_WITHIN_MS = 10_000;

it.skipIf(mostWaiting() < CLIENTS)(
  'answers all who have connected while the process did not run',
  async () => {
    const server = await listen(() => [
      { channelRead: ({ channel }: ChannelHandlerContext, bytes: Buffer) => channel.writeAndFlush(bytes) },
    ]);
    const flags = new Int32Array(new SharedArrayBuffer(12));
    const clients = new Worker(new URL('burst-clients.js', import.meta.url), {
      workerData: { address: server.address, count: CLIENTS, flags },
    });
    onTestFinished(async () => void (await clients.terminate()));
    await once(clients, 'online');

    Atomics.store(flags, 0, 1);
    Atomics.notify(flags, 0);

    expect(Atomics.wait(flags, 1, 0, CONNECTED_WITHIN_MS)).toBe('ok');
    await once(clients, 'exit');
    expect(Atomics.load(flags, 2)).toBe(CLIENTS);
  },
  20_000,
);

/** How many connections the system lets wait, whatever a program asks for. */
function mostWaiting(): number {
  return process.platform === 'linux' ? Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')) : 0;
}
