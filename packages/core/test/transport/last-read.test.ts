import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { unreadBytes } from '../../src/transport/unread-bytes.ts';
import { Recorder } from '../support/recorder.ts';
import { bootstrap, clientChannel, listen, pattern, peerOf, turns } from '../support/sockets.ts';

describe('a channel whose write fails', () => {
  it('has read what the peer had sent before it closes, though nobody was reading', async () => {
    const answer = pattern(50_000);
    const log: string[] = [];
    const { channel, taken } = await refused(answer, new Recorder('a', log));
    const written = channel.newPromise();
    channel.writeAndFlush(Buffer.from('more'), written);
    await channel.closeFuture.toPromise();
    await turns(2);

    expect(Buffer.compare(Buffer.concat(taken), answer)).toBe(0);
    expect(written.isSuccess).toBe(false);
    expect(written.cause).toMatchObject({ syscall: 'write' });
    expect(log.filter((line) => /Event|Inactive|exception/.test(line))).toEqual(['a:channelInactive']);
  });

  it('reads no more once it was closed', async () => {
    const closing: ChannelHandler = {
      channelRead: (ctx: ChannelHandlerContext) => void ctx.close(),
    };
    const { channel, taken } = await refused(pattern(50_000), closing);
    channel.writeAndFlush(Buffer.from('more'));
    await channel.closeFuture.toPromise();

    expect(taken.map(({ length }) => length)).toEqual([16 * 1024]);
  });

  it('reads nothing when it was accepted: a request of a client that has gone is of no use', async () => {
    const taken: Buffer[] = [];
    const server = await listen((child) => {
      child.config.autoRead = false;
      return [keeping(taken)];
    });
    const peer = await peerOf(server);
    const child = await server.accept();
    peer.write('a request');
    await turns(5);
    peer.resetAndDestroy();
    await once(peer, 'close');
    child.writeAndFlush(Buffer.from('an answer'));
    await child.closeFuture.toPromise();

    expect(taken).toEqual([]);
  });
});

describe('a channel whose peer resets the connection right behind its last bytes', () => {
  it('has read them, and does not take the reset for an end', async () => {
    const { peers, port } = await listenPlainly();
    const log: string[] = [];
    const taken: Buffer[] = [];
    const channel = clientChannel();
    channel.config.allowHalfClosure = true;
    await bootstrap(channel, keeping(taken)).connect({ host: '127.0.0.1', port }).toPromise();
    channel.pipeline.addHandlersLast(new Recorder('a', log));
    const peer = await peers;
    peer.write('all that there is');
    peer.resetAndDestroy();
    await channel.closeFuture.toPromise();
    await turns(2);

    expect(String(Buffer.concat(taken))).toBe('all that there is');
    expect(log.filter((line) => /Event|Inactive|exception/.test(line))).toEqual([
      expect.stringMatching(/a:exceptionCaught .*ECONNRESET/),
      'a:channelInactive',
    ]);
  });
});

describe('the unread bytes of a connection', () => {
  it('end where the limit is, and when there are none at the moment', async () => {
    const { socket, peer } = await pair();
    expect([...unreadBytes(socket, 1000)]).toEqual([]);
    peer.write(pattern(50_000));
    await turns(20);

    expect(lengthsOf(unreadBytes(socket, 20_000))).toEqual([16_384, 3616]);
    expect(lengthsOf(unreadBytes(socket, 40_000))).toEqual([16_384, 13_616]);
    expect(lengthsOf(unreadBytes(socket, 40_000))).toEqual([]);
  });

  it('are none of a socket that is gone, or that reads those of another', async () => {
    const { socket, peer } = await pair();
    peer.write('bytes');
    await turns(20);
    expect(lengthsOf(unreadBytes(Object.assign(socket, { encrypted: true }), 100))).toEqual([]);
    socket.destroy();

    expect(lengthsOf(unreadBytes(socket, 100))).toEqual([]);
  });
});

/** A channel that does not read, connected to a peer that has sent this and then reset the connection. */
async function refused(answer: Buffer, handler: ChannelHandler) {
  const { peers, port } = await listenPlainly();
  const channel = clientChannel();
  const taken: Buffer[] = [];
  channel.config.autoRead = false;
  await bootstrap(channel, keeping(taken)).connect({ host: '127.0.0.1', port }).toPromise();
  channel.pipeline.addHandlersLast(handler);
  const peer = await peers;
  await new Promise((resolve) => peer.write(answer, resolve));
  peer.resetAndDestroy();
  await once(peer, 'close');
  return { channel, taken };
}

/** Two ends of a connection, the first of which does not read. */
async function pair() {
  const { peers, port } = await listenPlainly();
  const socket = connect({
    host: '127.0.0.1',
    port,
    onread: { buffer: Buffer.alloc(1), callback: () => true },
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.pause();
  return { socket, peer: await peers };
}

async function listenPlainly() {
  const server = createServer();
  const peers = new Promise<Socket>((resolve) =>
    server.once('connection', (peer) => resolve(peer.on('error', () => {}))),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { peers, port: (server.address() as AddressInfo).port };
}

function keeping(taken: Buffer[]): ChannelHandler {
  return {
    channelRead(ctx: ChannelHandlerContext, bytes: Buffer): void {
      taken.push(bytes);
      ctx.fireChannelRead(bytes);
    },
  };
}

function lengthsOf(pieces: Iterable<Buffer>): number[] {
  return Array.from(pieces, ({ length }) => length);
}
