import { describe, expect, it } from 'vitest';
import { EmbeddedChannel, HANDLER_METHODS, silentLogger } from '@sluice/core';
import type {
  ChannelHandler,
  ChannelHandlerContext,
  ChannelInboundHandler,
  ChannelPipeline,
  ChannelPromise,
} from '@sluice/core';
import { MemoryLogger, Recorder } from '../support/recorder.ts';

const ADDRESS = { host: '127.0.0.1', port: 1 };
const EVENTS: Record<string, (pipeline: ChannelPipeline) => unknown> = {
  channelRegistered: (pipeline) => pipeline.fireChannelRegistered(),
  channelUnregistered: (pipeline) => pipeline.fireChannelUnregistered(),
  channelActive: (pipeline) => pipeline.fireChannelActive(),
  channelInactive: (pipeline) => pipeline.fireChannelInactive(),
  channelRead: (pipeline) => pipeline.fireChannelRead('message'),
  channelReadComplete: (pipeline) => pipeline.fireChannelReadComplete(),
  userEventTriggered: (pipeline) => pipeline.fireUserEventTriggered({}),
  channelWritabilityChanged: (pipeline) => pipeline.fireChannelWritabilityChanged(),
  exceptionCaught: (pipeline) => pipeline.fireExceptionCaught('cause'),
};
const OPERATIONS: Record<string, (pipeline: ChannelPipeline, promise?: ChannelPromise) => unknown> = {
  bind: (pipeline, promise) => pipeline.bind(ADDRESS, promise),
  connect: (pipeline, promise) => pipeline.connect(ADDRESS, undefined, promise),
  disconnect: (pipeline, promise) => pipeline.disconnect(promise),
  close: (pipeline, promise) => pipeline.close(promise),
  deregister: (pipeline, promise) => pipeline.deregister(promise),
  read: (pipeline) => pipeline.read(),
  write: (pipeline, promise) => pipeline.write('message', promise),
  flush: (pipeline) => pipeline.flush(),
};
const WITH_PROMISE = ['bind', 'connect', 'disconnect', 'close', 'deregister', 'write'] as const;

describe('the way of an event', () => {
  it.each(Object.keys(EVENTS))('D-01: %s visits the handlers from head to tail', (event) => {
    const log: string[] = [];
    const { pipeline } = quiet(passing('a', log), passing('b', log), passing('c', log));
    log.length = 0;
    EVENTS[event]?.(pipeline);

    expect(log.filter((line) => line.endsWith(`.${event}`))).toEqual([
      `a.${event}`,
      `b.${event}`,
      `c.${event}`,
    ]);
  });

  it.each(Object.keys(OPERATIONS))('D-01: %s visits the handlers from tail to head', (operation) => {
    const log: string[] = [];
    const { pipeline } = disconnectable(passing('a', log), passing('b', log), passing('c', log));
    log.length = 0;
    OPERATIONS[operation]?.(pipeline);

    expect(log.slice(0, 3)).toEqual([`c.${operation}`, `b.${operation}`, `a.${operation}`]);
  });

  it('D-02: a handler without methods is never touched, whatever happens', () => {
    const touched: PropertyKey[] = [];
    const handler = new Proxy(
      {},
      {
        get: (_target, name) => {
          touched.push(name);
          return undefined;
        },
      },
    ) as ChannelHandler;
    const { pipeline } = quiet();
    pipeline.addLast('deaf', handler);
    touched.length = 0;
    for (const fire of [...Object.values(EVENTS), ...Object.values(OPERATIONS)]) fire(pipeline);

    expect(touched.filter((name) => HANDLER_METHODS.some((method) => method === name))).toEqual([]);
  });

  it('D-03: writeAndFlush is seen by one who listens to flush alone and by one who listens to write alone', () => {
    const log: string[] = [];
    const { pipeline } = quiet(
      { flush: (ctx: ChannelHandlerContext) => void (log.push('flush'), ctx.flush()) },
      {
        write: (ctx: ChannelHandlerContext, message: unknown) => (log.push('write'), ctx.write(message)),
      },
    );
    pipeline.writeAndFlush('message');

    expect(log).toEqual(['write', 'flush']);
  });

  it('D-04: ctx.write starts before the handler, channel.write at the tail', () => {
    const log: string[] = [];
    const channel = quiet(new Recorder('a', log), new Recorder('b', log), new Recorder('c', log));
    log.length = 0;
    channel.pipeline.context('Recorder#1')?.write(1);
    expect(log).toEqual(['a:write 1']);

    log.length = 0;
    channel.write(2);
    expect(log).toEqual(['c:write 2', 'b:write 2', 'a:write 2']);
  });

  it('D-18: 1000 handlers that forward an event do not exhaust the stack, nor do 5000 that don’t listen', () => {
    let count = 0;
    const forward: ChannelInboundHandler = {
      sharable: true,
      channelRead: (ctx: ChannelHandlerContext, message: unknown) =>
        void (count++, ctx.fireChannelRead(message)),
    };
    const channel = quiet();
    for (let at = 0; at < 1000; at++) channel.pipeline.addFirst(`f${at}`, forward);
    channel.writeInbound('message');

    expect(count).toBe(1000);
    expect(channel.readInbound()).toBe('message');
  });
});

describe('an error', () => {
  it('D-05: of an event goes to the same handler once; what that throws is logged and goes nowhere', () => {
    const logger = new MemoryLogger();
    let caught = 0;
    const handler: ChannelInboundHandler = {
      channelReadComplete: () => fail('first'),
      exceptionCaught: () => {
        caught++;
        fail('second');
      },
    };
    const channel = new EmbeddedChannel({ handlers: [handler], logger });
    channel.pipeline.fireChannelReadComplete();

    expect(caught).toBe(1);
    expect(logger.lines).toEqual(['warn exceptionCaught() of a handler threw while it handled an error.']);
    expect(logger.fields).toMatchObject([{ err: { message: 'first' }, second: { message: 'second' } }]);
    channel.checkException();
  });

  it('D-06: of another handler, reached from inside exceptionCaught, goes to that handler once', () => {
    let caught = 0;
    const a: ChannelInboundHandler = {
      channelRead: () => fail('a'),
      exceptionCaught: (ctx: ChannelHandlerContext) => void ctx.fireChannelReadComplete(),
    };
    const b: ChannelInboundHandler = {
      channelReadComplete: () => fail('b'),
      exceptionCaught: () => {
        caught++;
        fail('again');
      },
    };
    const channel = quiet(a, b);
    channel.pipeline.fireChannelRead('message');

    expect(caught).toBe(1);
  });

  it.each(WITH_PROMISE)('D-07: of %s fails its promise and is not caught', (operation) => {
    const log: string[] = [];
    const channel = disconnectable(new Recorder('a', log), {
      [operation]: () => fail('no'),
    });
    log.length = 0;
    const promise = channel.newPromise();
    OPERATIONS[operation]?.(channel.pipeline, promise);

    expect(promise.cause).toEqual(new Error('no'));
    expect(log).toEqual([]);
  });

  it('D-07: of an operation whose promise is done already is logged', () => {
    const logger = new MemoryLogger();
    const handler = {
      close: (_ctx: ChannelHandlerContext, promise: ChannelPromise) => {
        promise.setSuccess();
        fail('too late');
      },
    };
    new EmbeddedChannel({ handlers: [handler], logger }).close();

    expect(logger.lines).toEqual([
      'warn A handler threw after it had completed the promise of the operation.',
    ]);
  });

  it.each([
    ['with the void promise', (channel: EmbeddedChannel) => channel.voidPromise()],
    ['without a promise', () => undefined],
  ])('D-08: of a write %s is fired from the head', (_title, promiseOf) => {
    const log: string[] = [];
    const channel = quiet(new Recorder('a', log), { write: () => fail('no') });
    log.length = 0;
    channel.write('message', promiseOf(channel));

    expect(log).toEqual(['a:exceptionCaught no']);
  });

  it('D-09: of flush or read goes to the handler’s own exceptionCaught', () => {
    const causes: unknown[] = [];
    const own = { exceptionCaught: (_ctx: ChannelHandlerContext, cause: unknown) => void causes.push(cause) };
    const channel = quiet({ flush: () => fail('flush'), ...own }, { read: () => fail('read'), ...own });
    causes.length = 0;
    channel.flush();
    channel.read();

    expect(causes).toEqual([new Error('flush'), new Error('read')]);
  });

  it('D-09: of the write of writeAndFlush does not stop the flush', () => {
    const log: string[] = [];
    const channel = quiet(new Recorder('a', log), { write: () => fail('no') });
    log.length = 0;
    channel.writeAndFlush('message', channel.newPromise());

    expect(log).toEqual(['a:flush']);
  });

  it('D-16: goes on to the first handler behind that takes errors, and no further', () => {
    const log: string[] = [];
    const channel = quiet(
      { channelRead: () => fail('no') },
      { exceptionCaught: () => void log.push('second') },
      new Recorder('third', log),
    );
    log.length = 0;
    channel.writeInbound('message');

    expect(log.filter((line) => !line.includes('Complete'))).toEqual(['second']);
  });

  it('D-17: passes also through an outbound handler that takes errors', () => {
    const causes: unknown[] = [];
    const channel = quiet({
      write: (ctx: ChannelHandlerContext, message: unknown) => ctx.write(message),
      exceptionCaught: (_ctx: ChannelHandlerContext, cause: unknown) => void causes.push(cause),
    });
    channel.pipeline.fireExceptionCaught('cause');

    expect(causes).toEqual(['cause']);
  });
});

describe('the promise given to an operation', () => {
  it.each(WITH_PROMISE)('D-10: when it was cancelled, %s is skipped', (operation) => {
    const log: string[] = [];
    const channel = disconnectable(passing('a', log));
    log.length = 0;
    const promise = channel.newPromise();
    promise.cancel();
    OPERATIONS[operation]?.(channel.pipeline, promise);

    expect(log).toEqual([]);
    expect(promise.isCancelled).toBe(true);
  });

  it('D-10: when it was cancelled, writeAndFlush neither writes nor flushes', () => {
    const log: string[] = [];
    const channel = quiet(new Recorder('a', log));
    log.length = 0;
    const promise = channel.newPromise();
    promise.cancel();
    channel.writeAndFlush('message', promise);

    expect(log).toEqual([]);
  });

  it.each(WITH_PROMISE)(
    'D-11, D-12: %s refuses one of another channel, a finished one and the close future',
    (operation) => {
      const channel = disconnectable();
      const operate = (promise: ChannelPromise): unknown =>
        OPERATIONS[operation]?.(channel.pipeline, promise);
      const done = channel.newPromise();
      done.setSuccess();

      expect(() => operate(quiet().newPromise())).toThrow('The promise belongs to');
      expect(() => operate(done)).toThrow('done already');
      expect(() => operate(channel.closeFuture as ChannelPromise)).toThrow('close future');
      expect(channel.isActive).toBe(true);
    },
  );

  it.each(WITH_PROMISE.filter((operation) => operation !== 'write'))(
    'D-12: %s refuses the void promise',
    (operation) => {
      const channel = disconnectable();

      expect(() => OPERATIONS[operation]?.(channel.pipeline, channel.voidPromise())).toThrow('void promise');
    },
  );

  it('D-13: a missing message, event, cause or address is refused at the call', () => {
    const { pipeline } = quiet();
    const missing = undefined as never;

    expect(() => pipeline.write(missing)).toThrow(TypeError);
    expect(() => pipeline.writeAndFlush(missing)).toThrow(TypeError);
    expect(() => pipeline.fireUserEventTriggered(missing)).toThrow(TypeError);
    expect(() => pipeline.fireExceptionCaught(missing)).toThrow(TypeError);
    expect(() => pipeline.bind(missing)).toThrow(TypeError);
    expect(() => pipeline.connect(missing)).toThrow(TypeError);
  });
});

type Methods = Record<string, (...rest: unknown[]) => void>;

/** A handler that passes on everything there is, and notes it. */
function passing(name: string, log: string[]): ChannelHandler {
  const handler: Methods = {};
  const pass = (method: string, call: string): void => {
    handler[method] = (ctx, ...rest) => {
      log.push(`${name}.${method}`);
      (ctx as Methods)[call]?.(...rest);
    };
  };
  for (const event of Object.keys(EVENTS))
    pass(event, `fire${event.charAt(0).toUpperCase()}${event.slice(1)}`);
  for (const operation of Object.keys(OPERATIONS)) pass(operation, operation);
  return handler;
}

function quiet(...handlers: readonly ChannelHandler[]): EmbeddedChannel {
  return new EmbeddedChannel({ handlers, logger: silentLogger });
}

function disconnectable(...handlers: readonly ChannelHandler[]): EmbeddedChannel {
  return new EmbeddedChannel({ handlers, hasDisconnect: true, logger: silentLogger });
}

function fail(message: string): never {
  throw new Error(message);
}
