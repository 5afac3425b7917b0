import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { NodeEventLoop, silentLogger, UnsupportedMessageTypeError } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { EchoHandler } from '../support/echo-handler.ts';
import {
  closed,
  connected,
  deferred,
  listen,
  loop,
  pattern,
  peerOf,
  receiveAll,
  turns,
} from '../support/sockets.ts';

const MIB = 1024 * 1024;

describe('bytes', () => {
  it('go from a client channel to a server channel and back', async () => {
    const server = await listen(() => [new EchoHandler()]);
    const answer = deferred<string>();
    const client = await connected(server.address, {
      channelRead: (_ctx: ChannelHandlerContext, bytes: Buffer) => answer.resolve(String(bytes)),
    });
    client.writeAndFlush(Buffer.from('hello'));

    expect(await answer.promise).toBe('hello');
    expect(String(client)).toContain(` - R:127.0.0.1:${server.port}]`);
    expect((await server.accept()).remoteAddress).toEqual(client.localAddress);
    await closed(client);
    expect(String(client)).toContain(` ! R:127.0.0.1:${server.port}]`);
  });

  it('of many messages flushed together arrive once and in order, also when listeners write more', async () => {
    const server = await listen(() => []);
    const peer = await peerOf(server);
    const child = await server.accept();
    const received = receiveAll(peer);
    const sent: Buffer[] = [];
    const write = (bytes: Buffer, then: () => void): void => {
      const promise = child.newPromise();
      promise.addListener(then);
      sent.push(bytes);
      child.write(bytes, promise);
    };
    let left = 40;
    const more = (): void => {
      if (left-- <= 0) return;
      write(Buffer.alloc(50_000, left), more);
      child.flush();
    };
    const isLast = deferred<void>();
    for (let at = 0; at < 20; at++) write(Buffer.alloc(400_000, 100 + at), more);
    write(Buffer.from('last'), () => isLast.resolve());
    child.flush();
    await isLast.promise;
    while (child.pendingOutboundBytes > 0) await new Promise((resolve) => loop.nextTurn(() => resolve(0)));
    await closed(child);

    expect(Buffer.compare(await received, Buffer.concat(sent))).toBe(0);
  });

  it('5 MiB each way past a slow reader: what waits is bounded, and writability events alternate', async () => {
    const data = pattern(5 * MIB);
    const source = new Source(data);
    const sink = new Sink(data.length);
    const server = await listen(() => [source, sink]);
    const peer = await peerOf(server);
    const received: Buffer[] = [];
    peer.on('data', (bytes: Buffer) => {
      received.push(bytes);
      peer.pause();
      loop.nextTurn(() => peer.resume());
    });
    peer.write(data);
    await Promise.all([source.sent.promise, sink.received.promise]);
    const child = await server.accept();
    while (received.reduce((sum, { length }) => sum + length, 0) < data.length) await once(peer, 'data');

    expect(Buffer.compare(Buffer.concat(received), data)).toBe(0);
    expect(Buffer.compare(Buffer.concat(sink.chunks), data)).toBe(0);
    expect(source.mostPending).toBeLessThanOrEqual(64 * 1024 + Source.CHUNK + 96);
    expect(source.events).toEqual(source.events.map((_, at) => at % 2 === 1));
    expect(source.events.length).toBeGreaterThanOrEqual(2);
    expect(child.pendingOutboundBytes).toBe(0);
  });

  it('are the only messages that it sends', async () => {
    const server = await listen(() => []);
    const client = await connected(server.address);
    const promise = client.newPromise();
    client.writeAndFlush('text', promise);
    const caught = deferred<unknown>();
    client.pipeline.addLast('catch', {
      exceptionCaught: (_ctx: ChannelHandlerContext, cause: unknown) => caught.resolve(cause),
    });
    client.writeAndFlush({});

    expect(promise.cause).toBeInstanceOf(UnsupportedMessageTypeError);
    expect(await caught.promise).toBeInstanceOf(UnsupportedMessageTypeError);
    expect(client.isActive).toBe(true);
  });

  it('are read once after the channel moved to another event loop', async () => {
    const chunks: string[] = [];
    const read = deferred<void>();
    const server = await listen(() => [
      {
        channelRead: (_ctx: ChannelHandlerContext, bytes: Buffer) => {
          chunks.push(String(bytes));
          read.resolve();
        },
      },
    ]);
    const peer = await peerOf(server);
    const child = await server.accept();
    await child.deregister().toPromise();
    await child.register(new NodeEventLoop(loop.clock, silentLogger)).toPromise();
    peer.write('once');
    await read.promise;

    expect(chunks).toEqual(['once']);
  });
});

describe('reading', () => {
  it('stops within one more chunk when autoRead is turned off, and gives one for each read()', async () => {
    let reads = 0;
    let next = deferred<void>();
    const server = await listen((child) => [
      {
        channelRead: () => {
          reads++;
          child.config.autoRead = false;
          next.resolve();
        },
      },
    ]);
    const peer = await peerOf(server);
    peer.write(pattern(MIB));
    await next.promise;
    await turns(20);
    expect(reads).toBe(1);

    const child = await server.accept();
    for (const expected of [2, 3]) {
      next = deferred<void>();
      child.read();
      await next.promise;
      await turns(5);
      expect(reads).toBe(expected);
    }
  });

  it('stops while a pause is open, whatever read() asks, and goes on when each is resumed', async () => {
    const log: string[] = [];
    const read = deferred<void>();
    const server = await listen(() => [
      {
        channelRead: (_ctx: ChannelHandlerContext, bytes: Buffer) => {
          log.push(String(bytes));
          read.resolve();
        },
      },
    ]);
    const peer = await peerOf(server);
    const child = await server.accept();
    child.pauseReads();
    child.pauseReads();
    await new Promise<void>((resolve) => peer.write('bytes', () => resolve()));
    child.read();
    await turns(10);
    child.resumeReads();
    await turns(10);
    expect(log).toEqual([]);
    child.resumeReads();
    await read.promise;

    expect(log).toEqual(['bytes']);
  });
});

/** Sends its data in chunks, as fast as the channel is writable. */
class Source implements ChannelHandler {
  static readonly CHUNK = 16 * 1024;
  readonly events: boolean[] = [];
  readonly sent = deferred<void>();
  readonly #data: Buffer;
  #at = 0;
  mostPending = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  channelActive(ctx: ChannelHandlerContext): void {
    this.#send(ctx);
    ctx.fireChannelActive();
  }

  channelWritabilityChanged(ctx: ChannelHandlerContext): void {
    this.events.push(ctx.channel.isWritable);
    if (ctx.channel.isWritable) loop.execute(() => this.#send(ctx));
  }

  #send(ctx: ChannelHandlerContext): void {
    while (ctx.channel.isWritable && this.#at < this.#data.length) {
      const promise = ctx.newPromise();
      const chunk = this.#data.subarray(this.#at, (this.#at += Source.CHUNK));
      if (this.#at >= this.#data.length) promise.addListener(() => this.sent.resolve());
      ctx.writeAndFlush(chunk, promise);
      this.mostPending = Math.max(this.mostPending, ctx.channel.pendingOutboundBytes);
    }
  }
}

class Sink implements ChannelHandler {
  readonly chunks: Buffer[] = [];
  readonly received = deferred<void>();
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  channelRead(_ctx: ChannelHandlerContext, bytes: Buffer): void {
    this.chunks.push(bytes);
    this.#left -= bytes.length;
    if (this.#left === 0) this.received.resolve();
  }
}
