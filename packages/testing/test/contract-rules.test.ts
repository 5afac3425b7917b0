import { ChannelInputShutdownEvent } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { handlerContract } from '@sluice/testing';
import type { MakeHandler } from '@sluice/testing';
import { describe, expect, it } from 'vitest';

type Context = ChannelHandlerContext;

/** Handlers that make the mistake that a rule is there for, and what they are told. */
const MISTAKES: readonly (readonly [rule: string, make: MakeHandler, message: RegExp])[] = [
  [
    'passes on messages in the order in which they came',
    () => new Reversing(),
    /^Of first, second, third it passed on third, second, first\. What it holds back goes on in its order/,
  ],
  [
    'passes on writes in their order, also while the channel takes no more',
    () => ({
      write(ctx: Context, message: unknown, promise: ChannelPromise) {
        if (ctx.channel.isWritable) ctx.write(message, promise);
        else promise.tryFailure(new Error('The channel is full.'));
      },
    }),
    /^Of first, second, third it passed on none\. .* when the channel is writable again\.$/,
  ],
  [
    'passes on the end of the input once, unless it closes the channel then',
    () => ({
      userEventTriggered(ctx: Context, event: object) {
        if (!(event instanceof ChannelInputShutdownEvent)) ctx.fireUserEventTriggered(event);
      },
    }),
    /^The peer ended its half once, and that was passed on 0 times\. Call ctx\.fireUserEventTriggered\(event\)/,
  ],
  [
    'asks for no reads of its own where each is asked for',
    () => ({
      channelReadComplete(ctx: Context) {
        ctx.fireChannelReadComplete();
        ctx.read();
      },
    }),
    /^With autoRead off it passed a message on and asked for 1 more\. Call ctx\.read\(\) only for a message that it has kept/,
  ],
  [
    'hands on the promise of each operation',
    () => ({ close: (ctx: Context) => void ctx.close() }),
    /^close was done, and its promise is open\. Pass the promise on, ctx\.close\(…, promise\)/,
  ],
  [
    'lets the writer know that a write has succeeded, and not before it is sent',
    () => ({ write: (ctx: Context, message: unknown) => ctx.write(message, ctx.channel.newPromise()) }),
    /^A write was sent, and its promise is open\. Pass it on with the message/,
  ],
  [
    'lets the writer know that a write has succeeded, and not before it is sent',
    () => ({
      write(ctx: Context, message: unknown, promise: ChannelPromise) {
        ctx.write(message, ctx.channel.newPromise());
        promise.trySuccess();
      },
    }),
    /^The promise of a write was completed before a flush\. .*the transport completes it\.$/,
  ],
  [
    'sends what was flushed before a close',
    () => ({ flush: (ctx: Context) => ctx.channel.eventLoop.execute(() => ctx.flush()) }),
    /^What was written and flushed before a close was not sent\. Before it passes on close/,
  ],
  [
    'resumes the reads that it has paused when it is removed',
    () => ({
      channelRead(ctx: Context, message: unknown) {
        ctx.channel.config.autoRead = false;
        ctx.fireChannelRead(message);
      },
    }),
    /^Reads stayed off after step 1, .* Undo it in handlerRemoved: config\.autoRead = true\.$/,
  ],
  [
    'can be removed while a message passes through it',
    () => new Forgetful(),
    /^Removing it while it passed on a message failed: .*\. Passing something on comes last/,
  ],
  [
    'can be removed while a write passes through it',
    () => new LateWriting(),
    /^It was removed while it passed on a write, whose promise is open\. Passing something on comes last/,
  ],
  [
    'lets the channel be lost while a message passes through it',
    () => new TimingAfterwards(),
    /^1 timers were set after the channel was lost\. Passing something on comes last/,
  ],
  [
    'leaves no write unanswered when it is removed',
    () => new Batching(),
    /^It was removed with a write that was neither passed on nor failed\. In handlerRemoved, pass on what it holds/,
  ],
  [
    'does nothing any more when it is removed',
    () => new Heartbeat(),
    /^Removed before the first step, it still did: write, flush\. In handlerRemoved, cancel its timers/,
  ],
  [
    'works again when it is added again',
    () => new OnceOnly(),
    /^Added again, it passed on an event 0 times\. Begin with fresh state in handlerAdded/,
  ],
  [
    'fires no activity of its own when it joins an active channel',
    () => new Eager(),
    /^Added to an active channel, it fired channelActive, which the handlers after it have seen\./,
  ],
];

describe('the handler contract', () => {
  it.each(MISTAKES)('finds who breaks it and says what to do: %s', (rule, make, message) => {
    const check = handlerContract(make).find((each) => each.rule === rule);

    expect(() => check?.run()).toThrow(message);
  });

  it.each([...new Set(MISTAKES.map(([rule]) => rule))])(
    'lets pass one that holds writes well: %s',
    (rule) => {
      const check = handlerContract(() => new GatheringWrites()).find((each) => each.rule === rule);

      expect(check).toBeDefined();
      expect(() => check?.run()).not.toThrow();
    },
  );

  it('does not ask of a handler that keeps messages what becomes of them', () => {
    const rules = handlerContract(() => ({}), { consumes: ['channelRead', 'write'] }).map(({ rule }) => rule);

    expect(rules).not.toContain('can be removed while a message passes through it');
    expect(rules).not.toContain('can be removed while a write passes through it');
    expect(rules).toContain('leaves no write unanswered when it is removed');
  });
});

/** Gives a burst back to front. */
class Reversing implements ChannelHandler {
  #burst: unknown[] = [];

  channelRead(_ctx: Context, message: unknown): void {
    this.#burst.unshift(message);
  }

  channelReadComplete(ctx: Context): void {
    for (const message of this.#burst) ctx.fireChannelRead(message);
    this.#burst = [];
    ctx.fireChannelReadComplete();
  }
}

/** Takes for granted that it has its state when a message has gone through. */
class Forgetful implements ChannelHandler {
  #count: { messages: number } | undefined = { messages: 0 };

  channelRead(ctx: Context, message: unknown): void {
    ctx.fireChannelRead(message);
    if (this.#count === undefined) throw new Error('There is nothing to count in.');
    this.#count.messages++;
  }

  handlerRemoved(): void {
    this.#count = undefined;
  }
}

/** Answers a writer in its own time, and forgets him when it is removed. */
class LateWriting implements ChannelHandler {
  #waiting: ChannelPromise | undefined = undefined;

  write(ctx: Context, message: unknown, promise: ChannelPromise): void {
    this.#waiting = promise;
    const sent = ctx.channel.newPromise();
    sent.addListener(() => void this.#waiting?.trySuccess());
    ctx.write(message, sent);
  }

  handlerRemoved(): void {
    this.#waiting = undefined;
  }
}

/** Sets its timer when the message has gone through, whatever that led to. */
class TimingAfterwards implements ChannelHandler {
  #cancel: () => void = () => {};

  channelRead(ctx: Context, message: unknown): void {
    ctx.fireChannelRead(message);
    const timer = ctx.channel.eventLoop.schedule(1_000, () => {});
    this.#cancel = () => timer.cancel();
  }

  handlerRemoved(): void {
    this.#cancel();
  }
}

interface HeldWrite {
  readonly message: unknown;
  readonly promise: ChannelPromise;
}

/** Holds writes until a flush, and drops them when it is removed. */
class Batching implements ChannelHandler {
  protected held: HeldWrite[] = [];

  write(_ctx: Context, message: unknown, promise: ChannelPromise): void {
    this.held.push({ message, promise });
  }

  flush(ctx: Context): void {
    this.release(ctx);
    ctx.flush();
  }

  protected release(ctx: Context): void {
    const held = this.held;
    this.held = [];
    for (const { message, promise } of held) ctx.write(message, promise);
  }
}

/** Writes now and then, and goes on with it. */
class Heartbeat implements ChannelHandler {
  handlerAdded(ctx: Context): void {
    ctx.channel.eventLoop.schedule(1_000, () => ctx.writeAndFlush('beat'));
  }
}

/** Lets nothing pass when it has left once. */
class OnceOnly implements ChannelHandler {
  #isDone = false;

  userEventTriggered(ctx: Context, event: object): void {
    if (!this.#isDone) ctx.fireUserEventTriggered(event);
  }

  handlerRemoved(): void {
    this.#isDone = true;
  }
}

/** Begins in the same way whenever it joins. */
class Eager implements ChannelHandler {
  handlerAdded(ctx: Context): void {
    if (ctx.channel.isActive) this.channelActive(ctx);
  }

  channelActive(ctx: Context): void {
    ctx.fireChannelActive();
  }
}

/** As {@link Batching}, but what it holds goes on when it is removed or the channel is closed. */
class GatheringWrites extends Batching {
  close(ctx: Context, promise: ChannelPromise): void {
    this.release(ctx);
    ctx.close(promise);
  }

  handlerRemoved(ctx: Context): void {
    this.release(ctx);
  }
}
