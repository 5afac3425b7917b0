import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { TestChannel } from '../support/test-channel.ts';

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), bytes: fc.nat(200) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('drain' as const), bytes: fc.nat(500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), at: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('listenerWrites' as const), bytes: fc.nat(200) }) },
);
const end = fc.constantFrom('close', 'shutdownOutput then close', 'fail', 'drain all');

it('whatever is written, flushed, sent in parts and closed: each promise completes once, and nothing stays pending', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), end, (script, last) => {
      const run = new Run();
      for (const next of script) {
        if (next.kind === 'write') run.write(next.bytes);
        else if (next.kind === 'flush') run.channel.flush();
        else if (next.kind === 'drain') run.channel.drain(next.bytes);
        else if (next.kind === 'cancel') run.promises[next.at]?.cancel();
        else run.write(100, () => run.write(next.bytes));
      }
      run.end(last);

      expect(run.completions).toEqual(run.promises.map(() => 1));
      expect(run.channel.pendingOutboundBytes).toBe(0);
      expect(run.events).toEqual(run.events.map((_, at) => at % 2 === 1));
      if (last === 'drain all') expect(run.events.length % 2).toBe(0);
    }),
    { numRuns: 300 },
  );
});

class Run {
  readonly events: boolean[] = [];
  readonly promises: ChannelPromise[] = [];
  readonly completions: number[] = [];
  readonly channel: TestChannel;

  constructor() {
    this.channel = TestChannel.active({
      channelWritabilityChanged: (ctx: ChannelHandlerContext) =>
        void this.events.push(ctx.channel.isWritable),
    });
    this.channel.capacity = 0;
    this.channel.config.writeBufferWaterMark = { low: 300, high: 600 };
  }

  write(bytes: number, then: () => void = () => {}): void {
    const at = this.promises.length;
    const promise = this.channel.newPromise();
    this.promises.push(promise);
    this.completions.push(0);
    promise.addListener(() => {
      this.completions[at] = (this.completions[at] ?? 0) + 1;
      then();
    });
    this.channel.write(Buffer.alloc(bytes), promise);
  }

  end(how: string): void {
    if (how === 'shutdownOutput then close') this.channel.shutdownOutput();
    if (how === 'fail') {
      this.channel.failWrites = new Error('broken');
      this.write(1);
      this.channel.flush();
    } else if (how === 'drain all') {
      while (this.channel.pendingOutboundBytes > 0) {
        this.channel.flush();
        this.channel.drain(Infinity);
      }
    } else this.channel.close();
    this.channel.loop.runTasks();
  }
}
