import { describe, expect, it } from 'vitest';
import {
  Bootstrap,
  ChannelInitializer,
  ChannelInputShutdownEvent,
  ChannelOption,
  EmbeddedEventLoop,
  LocalNetwork,
  ServerBootstrap,
  silentLogger,
  VirtualClock,
} from '@sluice/core';
import type {
  Channel,
  ChannelHandler,
  ChannelHandlerContext,
  ChannelFuture,
  SocketAddress,
} from '@sluice/core';

const ADDRESS: SocketAddress = { host: '10.0.0.1', port: 80 };

describe('a network in memory', () => {
  it('connects a client to the server at the address, and both know each other', () => {
    const { client, server } = new Pair();

    expect(client.channel.isActive).toBe(true);
    expect(client.channel.remoteAddress).toEqual(ADDRESS);
    expect(server.channel.localAddress).toEqual(ADDRESS);
    expect(server.channel.remoteAddress).toEqual(client.channel.localAddress);
  });

  it('carries bytes both ways in the pieces in which they were sent, in a later turn', () => {
    const { client, server, loop } = new Pair();
    client.channel.writeAndFlush(Buffer.from('ab'));
    client.channel.writeAndFlush(Buffer.from('c'));

    expect(server.log).toEqual(['active']);
    loop.runTasks();
    server.channel.writeAndFlush(Buffer.from('d'));
    loop.runTasks();
    expect(server.log).toEqual(['active', 'ab', 'c']);
    expect(client.log).toEqual(['active', 'd']);
  });

  it('keeps what was sent as it was when the sender uses its bytes again', () => {
    const { client, server, loop } = new Pair();
    const bytes = Buffer.from('ab');
    client.channel.writeAndFlush(bytes);
    bytes.fill('x');
    loop.runTasks();

    expect(server.log).toEqual(['active', 'ab']);
  });

  it('refuses where nobody listens, with the error of a socket', () => {
    const { network, loop } = new Pair();
    const attempt = connect(network, loop, new End(), { host: '10.0.0.2', port: 80 });
    loop.runTasks();

    expect(attempt.cause).toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'connect',
      message: 'connect ECONNREFUSED 10.0.0.2:80',
    });
    expect(attempt.channel.isOpen).toBe(false);
  });

  it('gives a free port for port 0, all hosts of a port to 0.0.0.0, and an address once', () => {
    const network = new LocalNetwork();
    const loop = new EmbeddedEventLoop(new VirtualClock(), silentLogger);
    const bind = (address: SocketAddress): ChannelFuture => {
      const bound = listen(network, loop, new End(), address);
      loop.runTasks();
      return bound;
    };

    expect(bind({ host: '127.0.0.1', port: 0 }).channel.localAddress).toMatchObject({
      port: expect.any(Number),
    });
    expect(bind({ host: '0.0.0.0', port: 81 }).isSuccess).toBe(true);
    expect(bind({ host: '0.0.0.0', port: 81 }).cause).toMatchObject({ code: 'EADDRINUSE' });
    const attempt = connect(network, loop, new End(), { host: '10.9.9.9', port: 81 });
    loop.runTasks();
    expect(attempt.isSuccess).toBe(true);
  });

  it('lets a connection above the backlog wait until its time is up', () => {
    const { network, loop, clock, listener } = new Pair();
    listener.config.autoRead = false;
    listener.config.backlog = 1;
    const first = connect(network, loop, new End());
    const second = connect(network, loop, new End());
    loop.runTasks();

    expect(first.isSuccess).toBe(true);
    expect(second.isDone).toBe(false);
    clock.advance(30_000);
    loop.runTasks();
    expect(second.cause).toMatchObject({ code: 'SLUICE_CONNECT_TIMEOUT' });
  });
});

describe('an end in memory', () => {
  it('that reads no more makes the other unwritable, and loses nothing', () => {
    const { client, server, loop } = new Pair();
    server.channel.config.autoRead = false;
    loop.runTasks();
    const data = Buffer.alloc(300_000, 'x');
    client.channel.writeAndFlush(data);
    loop.runTasks();

    expect(client.channel.isWritable).toBe(false);
    expect(server.bytes).toBe(0);
    server.channel.config.autoRead = true;
    loop.runTasks();
    expect(server.bytes).toBe(data.length);
    expect(client.channel.isWritable).toBe(true);
    expect(client.channel.pendingOutboundBytes).toBe(0);
  });

  it('that shuts its output down can still receive, and the connection ends with the other half', () => {
    const { client, server, loop } = new Pair();
    client.channel.config.allowHalfClosure = true;
    client.channel.writeAndFlush(Buffer.from('last'));
    client.channel.shutdownOutput();
    loop.runTasks();
    server.channel.writeAndFlush(Buffer.from('answer'));
    loop.runTasks();

    expect(server.log).toEqual(['active', 'last', 'input shut down']);
    expect(client.log).toEqual(['active', 'answer']);
    server.channel.shutdownOutput();
    loop.runTasks();
    expect(client.channel.isOpen).toBe(false);
    expect(server.channel.isOpen).toBe(false);
  });

  it('that closes delivers what it has sent, then its end', () => {
    const { client, server, loop } = new Pair();
    client.channel.writeAndFlush(Buffer.from('bye'));
    client.channel.close();
    loop.runTasks();

    expect(server.log).toEqual(['active', 'bye', 'input shut down']);
  });

  it.each<[string, (end: Channel, other: Channel) => void]>([
    ['resets', (end) => end.reset()],
    [
      'closes with bytes unread',
      (end, other) => {
        other.writeAndFlush(Buffer.from('unread'));
        end.close();
      },
    ],
  ])('that %s is an ECONNRESET at the other', (_how, leave) => {
    const { client, server, loop } = new Pair();
    leave(client.channel, server.channel);
    loop.runTasks();

    expect(server.log).toEqual(['active', 'ECONNRESET', 'inactive']);
  });

  it('that has closed takes the first bytes and answers them with a reset', () => {
    const { client, server, loop } = new Pair();
    client.channel.close();
    loop.runTasks();
    const promise = server.channel.newPromise();
    server.channel.writeAndFlush(Buffer.from('late'), promise);

    expect(promise.isSuccess).toBe(true);
    loop.runTasks();
    expect(server.log).toEqual(['active', 'input shut down', 'ECONNRESET', 'inactive']);
  });

  it('hears nothing more once it has closed itself', () => {
    const { client, server, loop } = new Pair();
    server.channel.writeAndFlush(Buffer.from('under way'));
    client.channel.close();
    loop.runTasks();

    expect(client.log).toEqual(['active', 'inactive']);
  });
});

/** Notes what happens at one end of a connection. */
class End implements ChannelHandler {
  readonly log: string[] = [];
  bytes = 0;
  #ctx: ChannelHandlerContext | undefined = undefined;

  get channel(): Channel {
    if (this.#ctx === undefined) throw new Error('There is no connection.');
    return this.#ctx.channel;
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    this.#ctx = ctx;
  }

  channelActive(): void {
    this.log.push('active');
  }

  channelRead(_ctx: ChannelHandlerContext, bytes: Buffer): void {
    this.bytes += bytes.length;
    this.log.push(bytes.toString());
  }

  userEventTriggered(_ctx: ChannelHandlerContext, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) this.log.push('input shut down');
  }

  exceptionCaught(_ctx: ChannelHandlerContext, cause: unknown): void {
    this.log.push((cause as { code: string }).code);
  }

  channelInactive(): void {
    this.log.push('inactive');
  }
}

/** A client and a server that are connected. */
class Pair {
  readonly network = new LocalNetwork();
  readonly clock = new VirtualClock();
  readonly loop = new EmbeddedEventLoop(this.clock, silentLogger);
  readonly client = new End();
  readonly server = new End();
  readonly listener: Channel;

  constructor() {
    this.listener = listen(this.network, this.loop, this.server).channel;
    this.loop.runTasks();
    connect(this.network, this.loop, this.client);
    this.loop.runTasks();
  }
}

function listen(
  network: LocalNetwork,
  loop: EmbeddedEventLoop,
  end: End,
  address: SocketAddress = ADDRESS,
): ChannelFuture {
  const ends = [end];
  return new ServerBootstrap()
    .group(loop)
    .channelFactory(() => network.newServerChannel({ logger: silentLogger }))
    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
    .childHandler(
      new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersLast(ends.shift() ?? new End())),
    )
    .bind(address);
}

function connect(
  network: LocalNetwork,
  loop: EmbeddedEventLoop,
  end: End,
  address: SocketAddress = ADDRESS,
): ChannelFuture {
  return new Bootstrap()
    .group(loop)
    .channelFactory(() => network.newChannel({ logger: silentLogger }))
    .handler(end)
    .connect(address);
}
