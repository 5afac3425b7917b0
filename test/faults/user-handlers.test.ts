import { HANDLER_METHODS } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext } from '@sluice/core';
import { Handler } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { describe, expect, it } from 'vitest';
import { serverHandlers } from '@sluice/cli';
import { answer, FaultBench, GET } from './fault-bench.ts';

type Method = (typeof HANDLER_METHODS)[number] | 'handlerAdded' | 'handlerRemoved';

// What happens on the way of a connection and a request; the rest are operations that nobody asks an accepted channel for.
const METHODS: readonly Method[] = [
  'handlerAdded',
  'channelRegistered',
  'channelActive',
  'channelRead',
  'channelReadComplete',
  'userEventTriggered',
  'read',
  'write',
  'flush',
  'close',
  'channelInactive',
  'channelUnregistered',
  'handlerRemoved',
];
const PLACES: readonly (readonly [string, number])[] = [
  ['first', 0],
  ['before the codec', serverHandlers.findIndex(({ name }) => name === 'HttpServerCodec')],
  ['behind the codec', serverHandlers.findIndex(({ name }) => name === 'HttpServerCodec') + 1],
  ['before the filters', serverHandlers.findIndex(({ name }) => name === 'ZuulFilterChainHandler')],
  ['last', serverHandlers.length],
];

describe.each(PLACES)('a handler that stands %s', (_place, at) => {
  describe.each([
    ['throws', false],
    ['rejects', true],
  ])('and %s', (_how, isAsync) => {
    it.each(METHODS)('in %s costs its own connection at most', async (method) => {
      const fault = new Fault(method, isAsync);
      const handlers: readonly HandlerClass[] = [
        ...serverHandlers.slice(0, at),
        fault.handler,
        ...serverHandlers.slice(at),
      ];
      const bench = await FaultBench.open(answer('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), {
        handlers,
      });
      const other = bench.send('GET /next HTTP/1.1\r\nHost: o.test\r\n');
      fault.arm();
      const client = bench.connect();
      if (!client.isClosed) client.send(GET);
      await bench.gateway.settle();
      client.close();
      await bench.gateway.settle();

      // Behind the filters, little comes by.
      if (at < serverHandlers.length) expect(fault.count).toBeGreaterThan(0);
      expect(client.received.split('HTTP/1.1 ').length - 1).toBeLessThanOrEqual(1);
      fault.disarm();
      other.send('\r\n');
      expect(other.received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*fresh$/);
      other.close();
      bench.expectNextClean();
      // A close that failed is tried again when the connection has been idle for too long.
      bench.gateway.advance(65_000);
      bench.expectNothingLeft();
    });
  });
});

/** A handler that fails in one of its methods while it is armed, and else passes everything on. */
class Fault {
  readonly handler: HandlerClass;
  /** How often it has failed. */
  count = 0;
  #isArmed = false;

  constructor(method: Method, isAsync: boolean) {
    const fail = (isArmed: boolean): void => {
      if (isArmed) this.count++;
      if (isArmed) throw new Error(`a fault in ${method}`);
    };
    const FaultyHandler = class implements ChannelHandler {};
    const sync = (ctx: ChannelHandlerContext, ...rest: readonly unknown[]): void => {
      fail(this.#isArmed);
      passOn(ctx, method, rest);
    };
    const later = async (ctx: ChannelHandlerContext, ...rest: readonly unknown[]): Promise<void> => {
      const isArmed = this.#isArmed;
      passOn(ctx, method, rest);
      await Promise.resolve();
      fail(isArmed);
    };
    Object.defineProperty(FaultyHandler.prototype, method, { value: isAsync ? later : sync });
    Handler({ name: 'faulty' })(FaultyHandler);
    this.handler = FaultyHandler;
  }

  arm(): void {
    this.#isArmed = true;
  }

  disarm(): void {
    this.#isArmed = false;
  }
}

function passOn(ctx: ChannelHandlerContext, method: Method, rest: readonly unknown[]): void {
  if (method === 'handlerAdded' || method === 'handlerRemoved') return;
  const fire = `fire${method.charAt(0).toUpperCase()}${method.slice(1)}`;
  const call = (ctx as unknown as Record<string, (...args: readonly unknown[]) => void>)[
    fire in ctx ? fire : method
  ];
  call?.apply(ctx, [...rest]);
}
