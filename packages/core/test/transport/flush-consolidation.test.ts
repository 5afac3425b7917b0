import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import {
  ClosedChannelError,
  NodeEventLoop,
  NotYetConnectedError,
  silentLogger,
  SocketChannel,
  SystemClock,
  VirtualClock,
} from '@sluice/core';
import {
  bootstrap,
  clientChannel,
  closed,
  listen,
  pattern,
  peerOf,
  receiveAll,
  turns,
} from '../support/sockets.ts';
import type { TestServer } from '../support/sockets.ts';

const KIB = 1024;
// More than the flushes between two looks at a turn, and as many again as make a crowd.
const FLUSHES = 100;
const ENOUGH = 24;

it('without a crowd a flush is written at once', async () => {
  // Tests of other files share the usual event loop, and may have left a crowd.
  const own = new NodeEventLoop(new SystemClock(), silentLogger);
  const { channel } = await connection(await listen(() => [], undefined, own));
  channel.writeAndFlush(Buffer.from('x'));

  expect(channel.pendingOutboundBytes).toBe(0);
});

it('in a crowd it is written when the turn ends, with what the channel has flushed meanwhile', async () => {
  const { channel, peer } = await connection();
  await crowd();
  for (const text of ['one', ' and', ' two']) channel.writeAndFlush(Buffer.from(text));

  expect(channel.unsafe.output.buffer?.flushedCount).toBe(3);
  await turns(1);
  expect(channel.pendingOutboundBytes).toBe(0);
  channel.shutdownOutput();
  expect((await receiveAll(peer)).toString()).toBe('one and two');
});

it('a flush that is cancelled waits for the next one', async () => {
  const { channel, peer } = await connection();
  await crowd();
  channel.writeAndFlush(Buffer.from('one'));
  const { sendCount } = channel;
  channel.cancelFlush();
  await turns(1);

  expect(channel.sendCount).toBe(sendCount);
  channel.writeAndFlush(Buffer.from(' and two'));
  await turns(1);
  channel.shutdownOutput();
  expect((await receiveAll(peer)).toString()).toBe('one and two');
});

it('or is not sent where the channel closes', async () => {
  const { channel, peer } = await connection();
  await crowd();
  const promise = channel.newPromise();
  channel.writeAndFlush(Buffer.from('x'), promise);
  channel.cancelFlush().close();

  expect(promise.cause).toBeInstanceOf(ClosedChannelError);
  expect(await receiveAll(peer)).toHaveLength(0);
});

it('each of many channels gets its own bytes, in order', async () => {
  const server = await listen(() => []);
  const connections = await Promise.all(Array.from({ length: 30 }, () => connection(server)));
  for (let round = 0; round < 20; round++) {
    for (const [at, { channel }] of connections.entries())
      channel.writeAndFlush(Buffer.from(`${at}:${round} `));
    await turns(1);
  }
  for (const { channel } of connections) channel.shutdownOutput();
  const received = await Promise.all(connections.map(({ peer }) => receiveAll(peer)));

  const sent = connections.map((_, at) =>
    Array.from({ length: 20 }, (__, round) => `${at}:${round} `).join(''),
  );
  expect(received.map(String)).toEqual(sent);
});

it('once turns have few flushes again, each is written at once', async () => {
  const { channel } = await connection();
  await crowd();
  await turns(1);
  channel.writeAndFlush(Buffer.from('the only one of its turn'));
  await turns(1);
  channel.writeAndFlush(Buffer.from('x'));

  expect(channel.pendingOutboundBytes).toBe(0);
});

it('turns that each accept a connection count as one', async () => {
  const { channel, server } = await crowdedServer();
  connectMany(server, 3);
  channel.writeAndFlush(Buffer.from('x'));
  await turns(1);
  const isPending = channel.pendingOutboundBytes > 0;
  await turns(4);

  expect(isPending).toBe(true);
  expect(channel.pendingOutboundBytes).toBe(0);
});

it('not once enough is collected', async () => {
  const { channel, server } = await crowdedServer();
  connectMany(server, 3);
  for (let left = ENOUGH; left > 0; left--) channel.writeAndFlush(Buffer.from('x'));
  await turns(1);

  expect(channel.pendingOutboundBytes).toBe(0);
});

it('nor for more than 3 ms', async () => {
  const { channel, server, clock } = await crowdedServer();
  connectMany(server, 30);
  channel.writeAndFlush(Buffer.from('x'));
  await turns(1);
  clock.advance(2.9);
  await turns(1);
  const isPending = channel.pendingOutboundBytes > 0;
  clock.advance(0.1);
  await turns(1);

  expect(isPending).toBe(true);
  expect(channel.pendingOutboundBytes).toBe(0);
});

it('16 KiB are not kept waiting, nor what was flushed before them', async () => {
  const { channel, peer } = await connection();
  await crowd();
  const bytes = pattern(16 * KIB);
  channel.writeAndFlush(bytes.subarray(0, KIB));
  expect(channel.pendingOutboundBytes).toBeGreaterThan(0);
  channel.writeAndFlush(bytes.subarray(KIB));

  expect(channel.pendingOutboundBytes).toBe(0);
  channel.shutdownOutput();
  expect(Buffer.compare(await receiveAll(peer), bytes)).toBe(0);
});

it.each([
  ['close', (channel: SocketChannel) => channel.close()],
  ['shutdownOutput', (channel: SocketChannel) => channel.shutdownOutput()],
])('%s() comes behind what waits', async (_name, end) => {
  const { channel, peer } = await connection();
  await crowd();
  const written = channel.newPromise();
  channel.writeAndFlush(Buffer.from('last words'), written);
  expect(written.isDone).toBe(false);
  end(channel);

  expect((await receiveAll(peer)).toString()).toBe('last words');
  expect(written.isSuccess).toBe(true);
});

it('a listener of the write that closes within close() is no second close', async () => {
  const { channel, peer } = await connection();
  await crowd();
  const written = channel.newPromise();
  written.addListener(() => void channel.close());
  channel.writeAndFlush(Buffer.from('last words'), written);
  await closed(channel);

  expect((await receiveAll(peer)).toString()).toBe('last words');
});

it('what waits is sent before another socket is put under the pipeline', async () => {
  const { channel, peer } = await connection();
  await crowd();
  channel.writeAndFlush(Buffer.from('plain, '));
  channel.wrapSocket((raw) => {
    raw.write('then wrapped');
    return new TLSSocket(raw, { isServer: true });
  });

  expect(String((await once(peer, 'data'))[0])).toBe('plain, then wrapped');
});

it('a channel that is not connected does not wait until it is', async () => {
  const { address } = await listen(() => []);
  await crowd();
  const channel = clientChannel();
  void bootstrap(channel).connect(address);
  const written = channel.newPromise();
  channel.writeAndFlush(Buffer.from('too early'), written);

  expect(written.cause).toBeInstanceOf(NotYetConnectedError);
});

it('a channel whose flush throws keeps no other waiting', async () => {
  const { address } = await listen(() => []);
  const failing = new FailingChannel({ logger: silentLogger });
  onTestFinished(() => void failing.close());
  await bootstrap(failing).connect(address).toPromise();
  const { channel } = await connection();
  await crowd();
  failing.writeAndFlush(Buffer.from('x'));
  failing.shutdownOutput();
  channel.writeAndFlush(Buffer.from('y'));
  await turns(2);

  expect(failing.pendingOutboundBytes).toBe(0);
  expect(channel.pendingOutboundBytes).toBe(0);
});

class FailingChannel extends SocketChannel {
  override doShutdownOutput(): void {
    throw new Error('no end');
  }
}

interface Connection {
  readonly channel: SocketChannel;
  readonly peer: Socket;
}

async function connection(to?: TestServer): Promise<Connection> {
  const server = to ?? (await listen(() => []));
  const accepted = server.accept();
  return { peer: await peerOf(server), channel: await accepted };
}

interface CrowdedServer extends Connection {
  readonly server: TestServer;
  readonly clock: VirtualClock;
}

/** A connection in an event loop of its own, which has found a crowd in the turn before. */
async function crowdedServer(): Promise<CrowdedServer> {
  const clock = new VirtualClock();
  const server = await listen(() => [], undefined, new NodeEventLoop(clock, silentLogger));
  const made = await connection(server);
  await turns(2);
  for (let left = FLUSHES; left > 0; left--) made.channel.writeAndFlush(Buffer.from('.'));
  await turns(1);
  return { ...made, server, clock };
}

/** Begins connections, which the system has taken when this returns, and the server accepts in the turns that follow. */
function connectMany({ port }: TestServer, count: number): void {
  for (let left = count; left > 0; left--) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
  }
}

/** Has so many flushes in this turn that those that follow find a crowd. */
async function crowd(): Promise<void> {
  const { channel } = await connection();
  for (let left = FLUSHES; left > 0; left--) channel.writeAndFlush(Buffer.from('.'));
}
