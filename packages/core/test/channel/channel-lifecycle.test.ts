import { describe, expect, it } from 'vitest';
import { ClosedChannelError, NotYetConnectedError } from '@sluice/core';
import type { ChannelHandlerContext } from '@sluice/core';
import { Recorder } from '../support/recorder.ts';
import { TestChannel } from '../support/test-channel.ts';

const REMOTE = { host: '192.0.2.1', port: 80 };

describe('registration', () => {
  it('R-01: fires registered and active the first time, registered alone the second', () => {
    const log: string[] = [];
    const channel = TestChannel.active(new Recorder('a', log));
    channel.deregister();
    channel.loop.runTasks();
    const readsBefore = channel.reads;
    channel.register(channel.loop);

    expect(log).toEqual([
      'a:handlerAdded',
      'a:channelRegistered',
      'a:channelActive',
      'a:channelUnregistered',
      'a:channelRegistered',
    ]);
    expect(channel.reads).toBe(readsBefore + 1);
  });

  it('R-02: refuses to be registered twice, or once closed', () => {
    const channel = TestChannel.active();
    expect(String(channel.register(channel.loop).cause)).toContain('registered to an event loop already');

    channel.close();
    expect(channel.register(channel.loop).cause).toBeInstanceOf(ClosedChannelError);
  });

  it('closes without an event when it fails, and fails what was written', () => {
    const log: string[] = [];
    const channel = new TestChannel();
    channel.failRegister = new Error('no');
    channel.pipeline.addHandlersLast(new Recorder('a', log));
    const write = channel.newPromise();
    channel.write('early', write);

    expect(channel.register(channel.loop).cause).toEqual(new Error('no'));
    expect(channel.closeFuture.isSuccess).toBe(true);
    expect(write.cause).toMatchObject({ name: 'ClosedChannelError', cause: new Error('no') });
    expect(log).toEqual([]);
    expect(channel.pipeline.names()).toEqual([]);
  });

  it('R-14: after deregister and register on another loop, its tasks run there', () => {
    const channel = TestChannel.active();
    const other = new TestChannel();
    channel.deregister();
    channel.loop.runTasks();
    channel.register(other.loop);
    const ran: string[] = [];
    channel.eventLoop.execute(() => ran.push('task'));

    channel.loop.runTasks();
    expect(ran).toEqual([]);
    other.loop.runTasks();
    expect(ran).toEqual(['task']);
  });
});

describe('bind', () => {
  it('R-04: completes its promise before channelActive, which comes in a task', () => {
    const log: string[] = [];
    const channel = TestChannel.registered(new Recorder('a', log));
    channel.bind(REMOTE).addListener(() => log.push('bound'));
    channel.finishBind();
    log.push('task');
    channel.loop.runTasks();

    expect(log).toEqual(['bound', 'task', 'a:channelActive']);
  });

  it('fails when the channel closes first', () => {
    const channel = TestChannel.registered();
    const bound = channel.bind(REMOTE);
    channel.close();

    expect(bound.cause).toBeInstanceOf(ClosedChannelError);
  });
});

describe('close', () => {
  it('R-07: close future, promise, flushed writes, other writes, then in a task inactive, unregistered, removed', () => {
    const log: string[] = [];
    const channel = TestChannel.active(new Recorder('a', log), new Recorder('b', log));
    const tell = (what: string) =>
      channel.newPromise().addListener(({ cause }) => log.push(`${what} ${String(cause)}`));
    channel.capacity = 0;
    channel.writeAndFlush(1, tell('flushed 1'));
    channel.writeAndFlush(2, tell('flushed 2'));
    channel.write(3, tell('written 3'));
    channel.write(4, tell('written 4'));
    channel.closeFuture.addListener(() => log.push('close future'));
    log.length = 0;
    channel.unsafe.close(tell('promise'), new Error('why'));
    log.push('task');
    channel.loop.runTasks();

    expect(log).toEqual([
      'close future',
      'promise undefined',
      'flushed 1 Error: why',
      'flushed 2 Error: why',
      'written 3 ClosedChannelError: The channel is closed.',
      'written 4 ClosedChannelError: The channel is closed.',
      'task',
      'a:channelInactive',
      'b:channelInactive',
      'a:channelUnregistered',
      'b:channelUnregistered',
      'b:handlerRemoved',
      'a:handlerRemoved',
    ]);
  });

  it('R-07: fires no writability event for the writes that it fails', () => {
    const log: string[] = [];
    const channel = TestChannel.active({ channelWritabilityChanged: () => void log.push('changed') });
    channel.capacity = 0;
    channel.writeAndFlush(Buffer.alloc(70_000));
    expect(log).toEqual(['changed']);
    channel.close();
    channel.loop.runTasks();

    expect(log).toEqual(['changed']);
    expect([channel.isWritable, channel.pendingOutboundBytes]).toEqual([false, 0]);
  });

  it('R-08: twice succeeds twice, with one channelInactive', () => {
    const log: string[] = [];
    const channel = TestChannel.active(new Recorder('a', log));
    const [first, second] = [channel.close(), channel.close()];
    channel.loop.runTasks();

    expect([first.isSuccess, second.isSuccess, channel.close().isSuccess]).toEqual([true, true, true]);
    expect(log.filter((line) => line === 'a:channelInactive')).toHaveLength(1);
  });

  it('R-08: fails its promise with the error of the transport, and the channel is closed all the same', () => {
    const channel = TestChannel.active();
    channel.failClose = new Error('no');

    expect(channel.close().cause).toEqual(new Error('no'));
    expect(channel.closeFuture.isSuccess).toBe(true);
  });

  it('R-09: inside channelRead fires channelInactive after channelRead returned', () => {
    const log: string[] = [];
    const channel = TestChannel.active({
      channelRead: (ctx: ChannelHandlerContext) => {
        ctx.close();
        log.push('read returns');
      },
      channelInactive: () => void log.push('inactive'),
    });
    channel.unsafe.input.fireRead('message');
    channel.loop.runTasks();

    expect(log).toEqual(['read returns', 'inactive']);
  });

  it('R-10: of a channel that was never active fires unregistered alone', () => {
    const log: string[] = [];
    const channel = TestChannel.registered(new Recorder('a', log));
    channel.close();
    channel.loop.runTasks();

    expect(log).toEqual(['a:close', 'a:channelUnregistered', 'a:handlerRemoved']);
  });

  it('R-11: makes later writes fail with why the channel was closed', () => {
    const channel = TestChannel.active();
    channel.unsafe.close(channel.newPromise(), new Error('first reason'));
    const write = channel.newPromise();
    channel.writeAndFlush('late', write);

    expect(write.cause).toBeInstanceOf(ClosedChannelError);
    expect(write.cause).toMatchObject({ cause: new Error('first reason') });
  });

  it('R-12: a flush before connect fails what was written', () => {
    const channel = TestChannel.registered();
    const write = channel.newPromise();
    channel.writeAndFlush('early', write);

    expect(write.cause).toBeInstanceOf(NotYetConnectedError);
    expect(channel.isOpen).toBe(true);
  });

  it('closes with the cause of a failed write, whose promise it fails; nothing is caught', () => {
    const log: string[] = [];
    const channel = TestChannel.active({ exceptionCaught: () => void log.push('caught') });
    channel.failWrites = new Error('broken');
    const write = channel.newPromise();
    channel.writeAndFlush('message', write);

    expect(write.cause).toEqual(new Error('broken'));
    expect(channel.isOpen).toBe(false);
    expect(log).toEqual([]);
  });
});

describe('toString', () => {
  it('R-15: shows the id, then the addresses it knows, and whether the link is up', () => {
    const channel = new TestChannel({ id: '0000beef' });
    expect(String(channel)).toBe('[id: 0x0000beef]');
    channel.local = { host: '::1', port: 80 };
    expect(String(channel)).toBe('[id: 0x0000beef, L:[::1]:80]');
    channel.remote = { path: '/tmp/socket' };
    channel.state = 'active';
    expect(String(channel)).toBe('[id: 0x0000beef, L:[::1]:80 - R:/tmp/socket]');
    channel.state = 'closed';
    expect(String(channel)).toBe('[id: 0x0000beef, L:[::1]:80 ! R:/tmp/socket]');
    channel.local = undefined;
    expect(String(channel)).toBe('[id: 0x0000beef, R:/tmp/socket]');
  });

  it('R-15: every channel has an id of its own, of eight hex digits', () => {
    const ids = Array.from({ length: 100 }, () => new TestChannel().id);

    expect(new Set(ids).size).toBe(100);
    expect(ids.every((id) => /^[0-9a-f]{8}$/.test(id))).toBe(true);
  });
});
