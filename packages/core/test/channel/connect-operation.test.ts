import { describe, expect, it } from 'vitest';
import {
  AlreadyConnectedError,
  CancellationError,
  ClosedChannelError,
  ConnectionPendingError,
  ConnectTimeoutError,
} from '@sluice/core';
import { Recorder } from '../support/recorder.ts';
import { TestChannel } from '../support/test-channel.ts';

const REMOTE = { host: '192.0.2.1', port: 80 };

describe('connect', () => {
  it('R-03: completes its promise before channelActive', () => {
    const log: string[] = [];
    const channel = TestChannel.registered(new Recorder('a', log));
    channel.connect(REMOTE).addListener(() => log.push('connected'));
    channel.finishConnect();

    expect(log).toEqual(['connected', 'a:channelActive']);
    expect(channel.testClock.pendingTimers).toBe(0);
    expect(channel.connect(REMOTE).cause).toBeInstanceOf(AlreadyConnectedError);
  });

  it('R-03: tells handlers of the beginning also where a listener of its promise ends it', () => {
    const log: string[] = [];
    const channel = TestChannel.registered(new Recorder('a', log));
    channel.connect(REMOTE).addListener(() => void channel.close());
    channel.finishConnect();
    channel.loop.runTasks();

    expect(log).toContain('a:channelActive');
    expect(log.indexOf('a:channelActive')).toBeLessThan(log.indexOf('a:channelInactive'));
  });

  it('R-05: a second one while the first is pending fails, and leaves the first alone', () => {
    const channel = TestChannel.registered();
    const first = channel.connect(REMOTE);

    expect(channel.connect(REMOTE).cause).toBeInstanceOf(ConnectionPendingError);
    channel.finishConnect();
    expect(first.isSuccess).toBe(true);
  });

  it('R-06: fails after connectTimeoutMs with the time and the address, then the channel closes', () => {
    const log: string[] = [];
    const channel = TestChannel.registered();
    channel.config.connectTimeoutMs = 500;
    channel.closeFuture.addListener(() => log.push('closed'));
    const connected = channel.connect(REMOTE).addListener(() => log.push('failed'));
    channel.testClock.advance(499);
    expect(connected.isDone).toBe(false);
    channel.testClock.advance(1);

    expect(connected.cause).toBeInstanceOf(ConnectTimeoutError);
    expect(String(connected.cause)).toContain('No connection to 192.0.2.1:80 within 500 ms');
    expect(log).toEqual(['failed', 'closed']);
  });

  it('R-06: has no deadline when the timeout is 0', () => {
    const channel = TestChannel.registered();
    channel.config.connectTimeoutMs = 0;
    channel.connect(REMOTE);

    expect(channel.testClock.pendingTimers).toBe(0);
  });

  it('names the address in an error that does not', () => {
    const channel = TestChannel.registered();
    const connected = channel.connect(REMOTE);
    channel.finishConnect(new Error('refused'));

    expect(connected.cause).toMatchObject({ message: 'refused: 192.0.2.1:80' });
    expect(channel.isOpen).toBe(false);
  });

  it('closes the channel and clears the timer when it is cancelled', () => {
    const channel = TestChannel.registered();
    const promise = channel.newPromise();
    channel.connect(REMOTE, undefined, promise);

    expect(promise.cancel()).toBe(true);
    expect(promise.cause).toBeInstanceOf(CancellationError);
    expect(channel.isOpen).toBe(false);
    expect(channel.testClock.pendingTimers).toBe(0);
    channel.finishConnect();
    expect(channel.isActive).toBe(false);
  });

  it('fails when the channel closes first', () => {
    const channel = TestChannel.registered();
    const connected = channel.connect(REMOTE);
    channel.close();

    expect(connected.cause).toBeInstanceOf(ClosedChannelError);
  });

  it('closes the channel when the transport throws', () => {
    const channel = TestChannel.registered();
    channel.doConnect = () => {
      throw new RangeError('bad port');
    };

    expect(channel.connect(REMOTE).cause).toMatchObject({ message: 'bad port: 192.0.2.1:80' });
    expect(channel.isOpen).toBe(false);
    expect(channel.testClock.pendingTimers).toBe(0);
  });

  it('fails on a channel without an event loop', () => {
    const channel = new TestChannel();

    expect(String(channel.connect(REMOTE).cause)).toContain('not registered');
    expect(String(channel.bind(REMOTE).cause)).toContain('not registered');
  });
});
