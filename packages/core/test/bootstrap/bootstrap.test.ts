import { beforeEach, describe, expect, it } from 'vitest';
import { AttributeKey, Bootstrap, ChannelInitializer, ChannelOption } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import { MemoryLogger, Recorder } from '../support/recorder.ts';
import { TestChannel } from '../support/test-channel.ts';

const ADDRESS = { host: 'origin.example', port: 80 };
const KEY = AttributeKey.newInstance<string>('bootstrap-test');

let logger: MemoryLogger;
let channel: TestChannel;
let log: string[];
let bootstrap: Bootstrap;
beforeEach(() => {
  logger = new MemoryLogger();
  channel = new TestChannel({ logger });
  log = [];
  bootstrap = new Bootstrap()
    .group(channel.loop)
    .channelFactory(() => channel)
    .handler(new Recorder('a', log));
});

describe('Bootstrap', () => {
  it('B-12: sets options in the order given; undefined takes one back', () => {
    const seen: string[] = [];
    channel.config.setOption = (option) => seen.push(option.name) > 0;
    bootstrap
      .option(ChannelOption.TCP_NODELAY, false)
      .option(ChannelOption.AUTO_READ, false)
      .option(ChannelOption.SO_KEEPALIVE, true)
      .option(ChannelOption.AUTO_READ, undefined)
      .register();

    expect(seen).toEqual(['TCP_NODELAY', 'SO_KEEPALIVE']);
  });

  it('B-12: has set options and attributes before the handler runs', () => {
    const seen: unknown[] = [];
    new Bootstrap()
      .group(channel.loop)
      .channelFactory(() => channel)
      .handler(
        new ChannelInitializer((made) => void seen.push(made.config.connectTimeoutMs, made.attr(KEY).get())),
      )
      .option(ChannelOption.CONNECT_TIMEOUT_MS, 7)
      .attr(KEY, 'value')
      .register();

    expect(seen).toEqual([7, 'value']);
  });

  it('B-12: logs an option that is unknown or can not be set, and goes on', () => {
    bootstrap
      .option(new ChannelOption<number>('UNKNOWN'), 1)
      .option(ChannelOption.CONNECT_TIMEOUT_MS, -1)
      .register();

    expect(logger.lines).toEqual(['warn Unknown channel option.', 'warn A channel option could not be set.']);
    expect(channel.isRegistered).toBe(true);
  });

  it('B-13: names what is missing, and takes a group once', () => {
    const empty = new Bootstrap();
    expect(() => empty.connect(ADDRESS)).toThrow('group not set');
    empty.group(channel.loop);
    expect(() => empty.connect(ADDRESS)).toThrow('channel or channelFactory not set');
    empty.channelFactory(() => channel);
    expect(() => empty.connect(ADDRESS)).toThrow('handler not set');
    empty.handler(new Recorder('a', log));
    expect(() => empty.connect()).toThrow('remoteAddress not set');
    expect(() => empty.bind()).toThrow('localAddress not set');
    expect(() => empty.group(channel.loop)).toThrow('group set already');
    expect(() => empty.channelFactory(() => channel)).toThrow('channelFactory set already');
  });

  it('B-14: connects to what the resolver found, after the registration', () => {
    let found: ((error: unknown, resolved?: SocketAddress) => void) | undefined;
    const connected = bootstrap
      .resolver({ resolve: (_address, done) => void (found = done) })
      .connect(ADDRESS);
    expect(log).toEqual(['a:handlerAdded', 'a:channelRegistered']);
    channel.loop.runTasks();
    found?.(undefined, { host: '192.0.2.7', port: 80 });
    channel.finishConnect();

    expect(connected.isSuccess).toBe(true);
    expect(String(channel)).toContain('R:192.0.2.7:80');
  });

  it.each([
    ['fails', (_address: SocketAddress, done: (error: unknown) => void) => done(new Error('no such host'))],
    [
      'throws',
      () => {
        throw new Error('no such host');
      },
    ],
  ])('B-14: closes the channel when the resolver %s', (_title, resolve) => {
    const connected = bootstrap.resolver({ resolve }).connect(ADDRESS);
    channel.loop.runTasks();

    expect(connected.cause).toEqual(new Error('no such host'));
    expect(channel.isOpen).toBe(false);
  });

  it('B-14: closes the channel when a handler fails the connect', () => {
    const refusing = new Bootstrap()
      .group(channel.loop)
      .channelFactory(() => channel)
      .handler({
        connect(_ctx, _remote, _local, promise) {
          promise.setFailure(new Error('not allowed'));
        },
      });
    const connected = refusing.connect(ADDRESS);
    channel.loop.runTasks();

    expect(connected.cause).toEqual(new Error('not allowed'));
    expect(channel.isOpen).toBe(false);
  });

  it('B-14: throws what the factory throws', () => {
    const broken = new Bootstrap()
      .group(channel.loop)
      .handler(new Recorder('a', log))
      .channelFactory(() => {
        throw new Error('no channel');
      });

    expect(() => broken.connect(ADDRESS)).toThrow('no channel');
  });

  it('B-14: fails and closes the channel when it can not be set up', () => {
    const used = new Recorder('used', log);
    new TestChannel().pipeline.addHandlersLast(used);
    const connected = bootstrap.handler(used).connect(ADDRESS);

    expect(String(connected.cause)).toContain('not sharable');
    expect(channel.isOpen).toBe(false);
  });

  it('B-15: a bind that fails closes the channel; what listens to the registration comes first', () => {
    const bound = bootstrap.bind(ADDRESS).addListener(() => log.push('bind failed'));
    expect(log).toEqual(['a:handlerAdded', 'a:channelRegistered']);
    channel.loop.runTasks();
    channel.finishBind(new Error('in use'));
    channel.loop.runTasks();

    expect(bound.cause).toEqual(new Error('in use'));
    expect(log.slice(2)).toEqual(['bind failed', 'a:close', 'a:channelUnregistered', 'a:handlerRemoved']);
  });

  it('B-15: a registration that fails fails the bind', () => {
    channel.failRegister = new Error('no loop');
    const bound = bootstrap.bind(ADDRESS);

    expect(bound.cause).toEqual(new Error('no loop'));
    expect(channel.isOpen).toBe(false);
  });

  it('B-18: a clone goes its own way', () => {
    const clone = bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MS, 1).clone();
    bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MS, 2).remoteAddress(ADDRESS);
    clone.register();

    expect(channel.config.connectTimeoutMs).toBe(1);
    expect(() => clone.connect()).toThrow('remoteAddress not set');
  });
});
