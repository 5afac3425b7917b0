import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ClosedChannelError, silentLogger, SocketChannel } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { EchoHandler } from '../support/echo-handler.ts';
import { Recorder } from '../support/recorder.ts';
import { deferred, listen, loop, pattern, peerOf, receiveAll, turns } from '../support/sockets.ts';

const MIB = 1024 * 1024;

describe('the end', () => {
  it('of the peer’s sending closes the channel, but not before what was flushed is sent', async () => {
    const data = pattern(4 * MIB);
    const server = await listen((child) => [{ channelActive: () => child.writeAndFlush(data) }]);
    const peer = await peerOf(server);
    const child = await server.accept();
    peer.end();

    expect(Buffer.compare(await receiveAll(peer), data)).toBe(0);
    await child.closeFuture.toPromise();
  });

  it('of the peer’s sending is an event with allowHalfClosure; the answer still goes out', async () => {
    const log: string[] = [];
    const server = await listen((child) => {
      child.config.allowHalfClosure = true;
      return [new Recorder('a', log), new AnswerAtEnd()];
    });
    const peer = await peerOf(server);
    peer.end('question');

    expect(String(await receiveAll(peer))).toBe('answer to question');
    await (await server.accept()).closeFuture.toPromise();
    await turns(2);
    expect(log.filter((line) => /Event|Inactive/.test(line))).toEqual([
      'a:userEventTriggered ChannelInputShutdownEvent',
      'a:userEventTriggered ChannelOutputShutdownEvent',
      'a:channelInactive',
    ]);
  });

  it('of our sending reaches the peer, who can still be read', async () => {
    const read = deferred<string>();
    const server = await listen((child) => [
      { channelActive: () => void (child.write(Buffer.from('lost')), child.shutdownOutput()) },
      { channelRead: (_ctx: ChannelHandlerContext, bytes: Buffer) => read.resolve(String(bytes)) },
    ]);
    const peer = await peerOf(server);

    let received = '';
    peer.on('data', (bytes) => (received += String(bytes)));
    await once(peer, 'end');
    expect(received).toBe('');
    peer.write('still here');
    expect(await read.promise).toBe('still here');
    expect((await server.accept()).isActive).toBe(true);
  });

  it('by a reset of the peer is caught, then the channel is inactive', async () => {
    const log: string[] = [];
    const server = await listen(() => [new Recorder('a', log)]);
    const peer = await peerOf(server);
    const child = await server.accept();
    peer.resetAndDestroy();
    await child.closeFuture.toPromise();
    await turns(2);

    expect(log.filter((line) => /exception|Inactive/.test(line))).toEqual([
      expect.stringMatching(/a:exceptionCaught .*ECONNRESET/),
      'a:channelInactive',
    ]);
  });

  it('by a reset right behind the peer’s last bytes is caught too', async () => {
    const log: string[] = [];
    const server = await listen((child) => {
      child.config.allowHalfClosure = true;
      return [new Recorder('a', log)];
    });
    const peer = await peerOf(server);
    const child = await server.accept();
    peer.write('last');
    peer.resetAndDestroy();
    await child.closeFuture.toPromise();
    await turns(2);

    expect(log.filter((line) => /Read last|exception|Event|Inactive/.test(line))).toEqual([
      'a:channelRead last',
      expect.stringMatching(/a:exceptionCaught .*ECONNRESET/),
      'a:channelInactive',
    ]);
  });

  it('by reset() reaches the peer as an error, and fails what waits', async () => {
    const server = await listen(() => []);
    const peer = await peerOf(server);
    const child = await server.accept();
    const failed = once(peer, 'error');
    const write = child.newPromise();
    child.write(Buffer.from('cut'), write);

    expect(child.reset().isSuccess).toBe(true);
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(write.cause).toBeInstanceOf(ClosedChannelError);
  });

  it('with writes that wait fails the flushed ones first, then the others', async () => {
    const server = await listen(() => []);
    await peerOf(server);
    const child = await server.accept();
    const log: string[] = [];
    const tell = (what: string): ReturnType<typeof child.newPromise> =>
      child.newPromise().addListener(({ isSuccess }) => log.push(`${what} ${isSuccess}`));
    child.write(pattern(32 * MIB), tell('flushed 1'));
    child.write(Buffer.alloc(1), tell('flushed 2'));
    child.flush();
    child.write(Buffer.alloc(1), tell('written'));
    child.closeFuture.addListener(() => log.push('close future'));
    child.close(tell('close'));

    expect(log).toEqual([
      'close future',
      'close true',
      'flushed 1 false',
      'flushed 2 false',
      'written false',
    ]);
  });

  it('of a socket that nobody has registered closes its channel and harms nobody', async () => {
    const server = await listen(() => []);
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const channel = new SocketChannel({ socket, logger: silentLogger });
    socket.destroy(new Error('broken'));
    await channel.closeFuture.toPromise();

    expect(channel.register(loop).cause).toBeInstanceOf(ClosedChannelError);
  });

  it('of a socket without an error closes its channel also before that is registered', async () => {
    const server = await listen(() => []);
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const channel = new SocketChannel({ socket, logger: silentLogger });
    socket.destroy();

    await channel.closeFuture.toPromise();
  });

  it('of the socket under it never makes a write succeed', async () => {
    const server = await listen(() => []);
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const channel = new SocketChannel({ socket, logger: silentLogger });
    await channel.register(loop).toPromise();
    socket.destroy();
    const write = channel.newPromise();
    channel.writeAndFlush(Buffer.from('lost'), write);
    await channel.closeFuture.toPromise();

    expect(write.cause).toBeInstanceOf(ClosedChannelError);
  });

  it('of 200 connections at once, opened and reset, is no uncaught error', async () => {
    const server = await listen(() => [new EchoHandler()]);
    const peers = await Promise.all(Array.from({ length: 200 }, () => peerOf(server)));
    const children = await Promise.all(peers.map(() => server.accept()));
    for (const [at, peer] of peers.entries()) {
      if (at % 2 === 0) peer.write('bytes');
      peer.resetAndDestroy();
    }
    await Promise.all(children.map((child) => child.closeFuture.toPromise()));

    expect(server.channel.isActive).toBe(true);
  });
});

class AnswerAtEnd implements ChannelHandler {
  #question = '';

  channelRead(_ctx: ChannelHandlerContext, bytes: Buffer): void {
    this.#question += String(bytes);
  }

  userEventTriggered(ctx: ChannelHandlerContext, event: object): void {
    if (event.constructor.name !== 'ChannelInputShutdownEvent') return;
    ctx.writeAndFlush(Buffer.from(`answer to ${this.#question}`));
    ctx.channel.shutdownOutput();
  }
}
