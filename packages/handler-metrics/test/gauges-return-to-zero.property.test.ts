import { HttpResponse, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel, silentLogger } from '@sluice/core';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  HttpMetricsChannelHandler,
  MetricsRegistry,
  PerEventLoopMetricsChannelHandler,
  ServerChannelMetrics,
} from '@sluice/handler-metrics';
import { samplesOf } from './samples.ts';

const STEPS: Readonly<Record<string, (channel: EmbeddedChannel) => void>> = {
  request: (channel) => void channel.writeInbound(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')),
  twoRequests: (channel) =>
    void channel.writeInbound(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2))),
  halfARequest: (channel) =>
    void channel.writeInbound(Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na')),
  rest: (channel) => void channel.writeInbound(Buffer.from('bc')),
  head: (channel) => void channel.writeOneOutbound(new HttpResponse({ status: 204, framing: 'none' })),
  last: (channel) => void channel.writeOneOutbound(LastHttpContent.EMPTY),
  flush: (channel) => void channel.flushOutbound(),
  error: (channel) => void channel.pipeline.fireExceptionCaught(new Error('reset by peer')),
  endOfInput: (channel) => channel.endInput(),
  time: (channel) => channel.clock.advance(700),
  disconnect: (channel) => void channel.disconnect(),
  close: (channel) => void channel.close(),
};

it('takes off every gauge what it has put on it, whatever happens to a channel', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(STEPS)), { maxLength: 24 }), async (steps) => {
      const registry = new MetricsRegistry();
      const channel = connect(registry);
      for (const step of steps) if (channel.isOpen) tolerate(() => STEPS[step]?.(channel));
      tolerate(() => channel.close());

      const samples = await samplesOf(registry, 'server_');
      const gauges = Object.entries(samples).filter(([name]) => /_current\{/.test(name));
      expect(gauges.length).toBeGreaterThanOrEqual(3);
      expect(gauges.filter(([, value]) => value !== 0)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

function connect(registry: MetricsRegistry): EmbeddedChannel {
  return new EmbeddedChannel({
    logger: silentLogger,
    handlers: [
      new IdleStateHandler({ allIdleMs: 1_000 }),
      new CloseOnIdleStateHandler(),
      new ServerChannelMetrics(registry),
      new PerEventLoopMetricsChannelHandler(registry),
      new HttpServerCodec(),
      new HttpServerLifecycleChannelHandler(),
      new HttpMetricsChannelHandler(registry),
    ],
  });
}

/** Steps that make no sense at their place are refused by the codec; that is part of the interleaving. */
function tolerate(step: () => void): void {
  try {
    step();
  } catch (cause) {
    expect(cause).toBeInstanceOf(Error);
  }
}
