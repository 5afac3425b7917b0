import { beforeEach, describe, expect, it } from 'vitest';
import { AttributeKey, ChannelInitializer, ChannelOption, ServerBootstrap, silentLogger } from '@sluice/core';
import type { ChannelHandlerContext } from '@sluice/core';
import { MemoryLogger, Recorder } from '../support/recorder.ts';
import { TestChannel } from '../support/test-channel.ts';

const ADDRESS = { host: '127.0.0.1', port: 80 };
const KEY = AttributeKey.newInstance<string>('server-bootstrap-test');

let parent: TestChannel;
let logger: MemoryLogger;
beforeEach(() => {
  logger = new MemoryLogger();
  parent = new TestChannel({ logger });
});

describe('ServerBootstrap', () => {
  it('B-13: needs a child handler', () => {
    const bootstrap = new ServerBootstrap().group(parent.loop).channelFactory(() => parent);

    expect(() => bootstrap.bind(ADDRESS)).toThrow('childHandler not set');
  });

  it('B-16: an accepted channel has its handler, options and attributes before it is registered', () => {
    const seen: unknown[] = [];
    const child = activeChild();
    start(
      serverBootstrap()
        .childHandler(
          new ChannelInitializer(
            (made) => void seen.push(made.config.connectTimeoutMs, made.attr(KEY).get()),
          ),
        )
        .childOption(ChannelOption.CONNECT_TIMEOUT_MS, 7)
        .childAttr(KEY, 'value'),
    );
    parent.unsafe.input.fireRead(child);

    expect(seen).toEqual([7, 'value']);
    expect(child.isRegistered).toBe(true);
  });

  it('B-16: a handler of the listening channel sees each accepted one before the acceptor, and may drop it', () => {
    const [kept, dropped] = [activeChild(), activeChild()];
    const limit = new ChannelInitializer(({ pipeline }) => {
      pipeline.addLast('limit', {
        channelRead: (ctx: ChannelHandlerContext, child: unknown) => {
          if (child === kept) ctx.fireChannelRead(child);
        },
      });
    });
    start(
      serverBootstrap()
        .handler(limit)
        .childHandler(new ChannelInitializer(() => {})),
    );
    expect(parent.pipeline.names()).toEqual(['limit', 'ServerBootstrapAcceptor#0']);
    parent.unsafe.input.fireRead(kept);
    parent.unsafe.input.fireRead(dropped);

    expect([kept.isRegistered, dropped.isRegistered]).toEqual([true, false]);
  });

  it('B-16: closes an accepted channel that can not be registered', () => {
    start(serverBootstrap().childHandler(new ChannelInitializer(() => {})));
    const child = activeChild();
    child.failRegister = new Error('no');
    parent.unsafe.input.fireRead(child);

    expect(child.isOpen).toBe(false);
    expect(logger.lines).toEqual([]);
  });

  it('B-16: closes the second accepted channel when the child handler is not sharable, and accepts on', () => {
    start(serverBootstrap().childHandler(new Recorder('child', [])));
    const [first, second] = [activeChild(), activeChild()];
    parent.unsafe.input.fireRead(first);
    parent.unsafe.input.fireRead(second);

    expect([first.isActive, second.isOpen, parent.config.autoRead]).toEqual([true, false, true]);
  });

  it('B-17: after an accept error nothing is accepted for a second, and the error goes to the tail', () => {
    start(serverBootstrap().childHandler(new ChannelInitializer(() => {})));
    const reads = parent.reads;
    parent.pipeline.fireExceptionCaught(new Error('EMFILE'));
    expect(parent.config.autoRead).toBe(false);
    expect(logger.fields).toMatchObject([{ err: { message: 'EMFILE' } }]);
    parent.testClock.advance(999);
    expect([parent.config.autoRead, parent.reads]).toEqual([false, reads]);
    parent.testClock.advance(1);

    expect([parent.config.autoRead, parent.reads]).toEqual([true, reads + 1]);
  });

  it('B-18: a clone goes its own way', () => {
    const bootstrap = serverBootstrap().childHandler(new ChannelInitializer(() => {}));
    const clone = bootstrap.clone();
    bootstrap.childOption(ChannelOption.CONNECT_TIMEOUT_MS, 1);
    start(clone);
    const child = activeChild();
    parent.unsafe.input.fireRead(child);

    expect(child.config.connectTimeoutMs).toBe(30_000);
  });
});

function serverBootstrap(): ServerBootstrap {
  return new ServerBootstrap().group(parent.loop).channelFactory(() => parent);
}

function start(bootstrap: ServerBootstrap): void {
  bootstrap.bind(ADDRESS);
  parent.loop.runTasks();
  parent.finishBind();
  parent.loop.runTasks();
}

function activeChild(): TestChannel {
  const child = new TestChannel({ parent, logger: silentLogger });
  child.state = 'active';
  return child;
}
