import { HttpContent, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import type { ChannelHandler } from '@sluice/core';
import { silentLogger, VirtualClock } from '@sluice/core';
import {
  CompleteEvent,
  Http1ConnectionCloseHandler,
  Http1ConnectionExpiryHandler,
  HttpBodySizeRecordingChannelHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpRequestReadTimeoutHandler,
  HttpServerLifecycleChannelHandler,
  StartEvent,
} from '@sluice/handler-http';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Events, response, SlowChannel } from './support.ts';

const BYTES =
  'GET /a HTTP/1.1\r\nhost: o\r\n\r\nPOST /b HTTP/1.1\r\nhost: o\r\ncontent-length: 4\r\n\r\nbody';

const STEP = fc.oneof(
  { weight: 6, arbitrary: fc.record({ read: fc.integer({ min: 1, max: BYTES.length * 2 }) }) },
  { weight: 6, arbitrary: fc.record({ write: fc.constantFrom('head', 'interim', 'content', 'last') }) },
  { weight: 2, arbitrary: fc.record({ block: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ advance: fc.constantFrom(1, 5_000, 10_000, 15_000) }) },
  { weight: 1, arbitrary: fc.record({ end: fc.constantFrom('close', 'input', 'error', 'garbage') }) },
);
type Step = typeof STEP extends fc.Arbitrary<infer T> ? T : never;

it.each(['queue', 'reject'] as const)(
  'ends each exchange once, in its turn, and leaves nothing, whatever happens in whatever order: %s',
  (pipelining) => {
    let completed = 0;
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 40 }), (steps) => {
        const connection = new Connection(pipelining);
        for (const step of steps) connection.take(step);
        connection.close();

        completed += connection.check();
      }),
      { numRuns: 300 },
    );

    expect(completed).toBeGreaterThan(100);
  },
);

class Connection {
  readonly #clock = new VirtualClock();
  readonly #events = new Events();
  readonly #channel: SlowChannel;
  #at = 0;

  constructor(pipelining: 'queue' | 'reject') {
    const swallow: ChannelHandler = { channelRead: () => {}, exceptionCaught: () => {} };
    const handlers = [
      new HttpServerCodec(),
      new Http1ConnectionCloseHandler(),
      new Http1ConnectionExpiryHandler({ maxRequests: 3 }),
      new HttpHeadersTimeoutHandler(),
      new HttpRequestReadTimeoutHandler(),
      new HttpRequestDeadlineHandler(),
      new HttpServerLifecycleChannelHandler({ pipelining }),
      new HttpBodySizeRecordingChannelHandler(),
      this.#events,
      swallow,
    ];
    this.#channel = new SlowChannel({ handlers, clock: this.#clock, logger: silentLogger });
  }

  take(step: Step): void {
    if (!this.#channel.isOpen) return;
    if ('read' in step) this.#read(step.read);
    else if ('write' in step) this.#write(step.write);
    else if ('advance' in step) this.#clock.advance(step.advance);
    else if ('end' in step) this.#end(step.end);
    else if (step.block) this.#channel.isBlocked = true;
    else this.#channel.unblock();
    this.#channel.runPendingTasks();
  }

  // By the pipeline: the close of an EmbeddedChannel would also drop the timers that are checked for.
  close(): void {
    this.#channel.pipeline.close();
    this.#channel.runPendingTasks();
  }

  /** Returns how many exchanges there were. */
  check(): number {
    const lifecycle = this.#events.all.filter(
      (event) => event instanceof StartEvent || event instanceof CompleteEvent,
    );
    for (const [at, event] of lifecycle.entries()) {
      expect(event).toBeInstanceOf(at % 2 === 0 ? StartEvent : CompleteEvent);
      if (event instanceof CompleteEvent) expect(event.request).toBe(lifecycle[at - 1]?.request);
    }
    expect(lifecycle.length % 2).toBe(0);
    expect(this.#clock.pendingTimers).toBe(0);
    expect(this.#channel.areReadsPaused).toBe(false);
    return lifecycle.length / 2;
  }

  #read(length: number): void {
    const bytes = BYTES.repeat(4).slice(this.#at, this.#at + length);
    this.#at = (this.#at + length) % BYTES.length;
    this.#channel.writeInbound(Buffer.from(bytes));
  }

  #write(what: string): void {
    if (what === 'head') this.#channel.write(response({ framing: 'chunked' }));
    else if (what === 'interim') this.#channel.write(response({ status: 103, framing: 'none' }));
    else if (what === 'content') this.#channel.write(new HttpContent(Buffer.from('x')));
    else this.#channel.write(LastHttpContent.EMPTY);
    this.#channel.flush();
  }

  #end(how: string): void {
    if (how === 'close') this.close();
    else if (how === 'input') this.#channel.endInput();
    else if (how === 'error') this.#channel.pipeline.fireExceptionCaught(new Error('error'));
    else this.#channel.writeInbound(Buffer.from('\0garbage\r\n\r\n'));
  }
}
