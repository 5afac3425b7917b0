import {
  ChannelInitializer,
  ChannelPipelineError,
  EmbeddedChannel,
  HANDLER_METHODS,
  silentLogger,
} from '@sluice/core';
import type { ChannelHandler, ChannelPromise, Logger } from '@sluice/core';
import { describe, expect, it } from 'vitest';

const FAULT = new Error('a fault of the handler');
const ADDRESS = { host: '127.0.0.1', port: 1 };

type Drive = (channel: EmbeddedChannel, promise: ChannelPromise) => void;

/** How each method of a handler comes to be called. */
const DRIVES: Readonly<Record<(typeof HANDLER_METHODS)[number], Drive>> = {
  channelRegistered: ({ pipeline }) => void pipeline.fireChannelRegistered(),
  channelUnregistered: ({ pipeline }) => void pipeline.fireChannelUnregistered(),
  channelActive: ({ pipeline }) => void pipeline.fireChannelActive(),
  channelInactive: ({ pipeline }) => void pipeline.fireChannelInactive(),
  channelRead: ({ pipeline }) => void pipeline.fireChannelRead('message'),
  channelReadComplete: ({ pipeline }) => void pipeline.fireChannelReadComplete(),
  userEventTriggered: ({ pipeline }) => void pipeline.fireUserEventTriggered({}),
  channelWritabilityChanged: ({ pipeline }) => void pipeline.fireChannelWritabilityChanged(),
  exceptionCaught: ({ pipeline }) => void pipeline.fireExceptionCaught(new Error('another one')),
  bind: (channel, promise) => void channel.bind(ADDRESS, promise),
  connect: (channel, promise) => void channel.connect(ADDRESS, undefined, promise),
  disconnect: (channel, promise) => void channel.disconnect(promise),
  close: (channel, promise) => void channel.close(promise),
  deregister: (channel, promise) => void channel.deregister(promise),
  read: (channel) => void channel.read(),
  write: (channel, promise) => channel.write('message', promise),
  flush: (channel) => void channel.flush(),
};
const OPERATIONS: ReadonlySet<string> = new Set([
  'bind',
  'connect',
  'disconnect',
  'close',
  'deregister',
  'write',
]);

/** The two ways in which a method can fail. */
const FAILURES: readonly (readonly [string, () => unknown])[] = [
  [
    'throws',
    () => {
      throw FAULT;
    },
  ],
  [
    'is async and rejects',
    async () => {
      await Promise.resolve();
      throw FAULT;
    },
  ],
];

describe.each(FAILURES)('a method that %s', (_how, fail) => {
  it.each(HANDLER_METHODS)('as %s costs its own channel an error, and nothing else', async (method) => {
    const bench = new Bench({ [method]: fail });
    const promise = bench.channel.newPromise();

    expect(() => DRIVES[method](bench.channel, promise)).not.toThrow();
    await settled();

    expect(bench.hasFault(promise)).toBe(true);
    if (OPERATIONS.has(method)) expect(promise.cause).toBe(FAULT);
    bench.expectDispatching(method);
  });

  it('as handlerAdded is told to the pipeline', async () => {
    const bench = new Bench({});
    bench.channel.pipeline.addFirst('added', { handlerAdded: fail });
    await settled();

    expect(bench.caught.map(rootOf)).toEqual([FAULT]);
    bench.expectDispatching('handlerAdded');
  });

  it('as handlerRemoved is told to the pipeline', async () => {
    const bench = new Bench({});
    bench.channel.pipeline.addFirst('removed', { handlerRemoved: fail });
    bench.channel.pipeline.remove('removed');
    await settled();

    expect(bench.caught.map(rootOf)).toEqual([FAULT]);
    bench.expectDispatching('handlerRemoved');
  });
});

it.each<[string, (channel: EmbeddedChannel, fail: () => never) => void]>([
  ['a task', ({ eventLoop }, fail) => eventLoop.execute(fail)],
  ['a task of the next turn', ({ eventLoop }, fail) => eventLoop.nextTurn(fail)],
  ['a timer', ({ eventLoop }, fail) => void eventLoop.schedule(10, fail)],
  ['a listener of a future', (channel, fail) => channel.newPromise().addListener(fail).setSuccess()],
])('%s that throws is logged, and the loop and the channel go on', (_what, start) => {
  const bench = new Bench({});
  let ran = 0;
  start(bench.channel, () => {
    ran++;
    throw FAULT;
  });
  bench.channel.eventLoop.execute(() => ran++);
  bench.channel.runPendingTasks();
  bench.channel.advanceTimeBy(10);

  expect(ran).toBe(2);
  expect(bench.logged).toContain(FAULT);
  bench.expectDispatching('a task');
});

it('an initializer that throws closes its own channel', () => {
  const initializer = new ChannelInitializer(() => {
    throw FAULT;
  });
  const channel = new EmbeddedChannel({ logger: silentLogger, handlers: [initializer] });

  expect(channel.isOpen).toBe(false);
});

/** A channel with a handler that fails, and one behind it that takes errors. */
class Bench {
  readonly caught: unknown[] = [];
  readonly logged: unknown[] = [];
  readonly channel: EmbeddedChannel;

  constructor(handler: object) {
    const caught = (_ctx: unknown, cause: unknown): void => void this.caught.push(cause);
    const keep = (fields: object): void =>
      void this.logged.push(...Object.values(fields).filter((value) => value instanceof Error));
    const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep };
    const handlers = [handler as ChannelHandler, { exceptionCaught: caught }];
    this.channel = new EmbeddedChannel({ logger, handlers, hasDisconnect: true });
  }

  /** Whether the fault has come to a place in which somebody looks for it. */
  hasFault(promise: ChannelPromise): boolean {
    return [promise.cause, ...this.caught, ...this.logged].includes(FAULT);
  }

  /** Later events reach those that listen. */
  expectDispatching(after: string): void {
    const seen: unknown[] = [];
    this.channel.pipeline.addLast('late', {
      channelRead: (_ctx: unknown, message: unknown) => void seen.push(message),
    });
    if (after === 'channelRead') return;
    this.channel.pipeline.fireChannelRead('later');
    expect(seen).toEqual(['later']);
  }
}

function rootOf(cause: unknown): unknown {
  return cause instanceof ChannelPipelineError ? cause.cause : cause;
}

/** Lets rejections have their effect. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await Promise.resolve();
}
