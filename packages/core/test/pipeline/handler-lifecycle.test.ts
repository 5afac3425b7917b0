import { describe, expect, it } from 'vitest';
import { ChannelPipelineError, EmbeddedChannel } from '@sluice/core';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { Recorder } from '../support/recorder.ts';

// L-10 is about races between threads and is left out.

describe('before registration', () => {
  it('L-02: puts handlerAdded off until registration, then calls it in order, before channelRegistered', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({ register: false });
    channel.pipeline.addHandlersLast(new Recorder('a', log), new Recorder('b', log));
    expect(log).toEqual([]);

    const promise = channel.newPromise().addListener(() => log.push('registered'));
    channel.register(undefined, promise);

    expect(log.slice(0, 5)).toEqual([
      'a:handlerAdded',
      'b:handlerAdded',
      'registered',
      'a:channelRegistered',
      'b:channelRegistered',
    ]);
  });

  it('L-03: a handler added and removed again is told both, in order, once', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({ register: false });
    const a = new Recorder('a', log);
    channel.pipeline.addHandlersLast(a).remove(a);
    channel.register();

    expect(log).toEqual(['a:handlerAdded', 'a:handlerRemoved']);
  });

  it('L-04: a replaced handler is told last: old added, new added, old removed', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({ register: false });
    const a = new Recorder('a', log);
    channel.pipeline.addHandlersLast(a).replace(a, 'b', new Recorder('b', log));
    channel.register();

    expect(log.slice(0, 3)).toEqual(['a:handlerAdded', 'b:handlerAdded', 'a:handlerRemoved']);
  });

  it('L-06: a handler that left before registration and throws when told takes nobody else out', () => {
    const channel = new EmbeddedChannel({ register: false });
    const log: string[] = [];
    const thrower = new ThrowsWhenAdded();
    const b = new Recorder('b', log);
    channel.pipeline.addHandlersLast(thrower).remove(thrower);
    channel.pipeline.addHandlersLast(b);
    channel.register();

    expect([...channel.pipeline]).toEqual([b]);
    expect(() => channel.checkException()).toThrow('ThrowsWhenAdded.handlerAdded() has thrown');
  });
});

describe('on a registered channel', () => {
  it('L-01: tells each of 20 handlers once that it came and once that it left', () => {
    const log: string[] = [];
    const handlers = Array.from({ length: 20 }, (_, at) => new Recorder(`h${at}`, log));
    const { pipeline } = new EmbeddedChannel(...handlers);
    expect(log.filter((line) => line.endsWith('handlerAdded'))).toEqual(
      handlers.map(({ name }) => `${name}:handlerAdded`),
    );
    log.length = 0;

    const shuffled = handlers.toSorted((a, b) => (a.name.length * 7 + a.name.localeCompare(b.name)) % 3);
    for (const handler of shuffled) pipeline.remove(handler);

    expect(log).toEqual(shuffled.map(({ name }) => `${name}:handlerRemoved`));
  });

  it('L-05: removes the handlers last to first when the channel closes, after channelUnregistered', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(new Recorder('a', log), new Recorder('b', log));
    log.length = 0;
    channel.close();

    expect(log).toEqual([
      'b:close',
      'a:close',
      'a:channelInactive',
      'b:channelInactive',
      'a:channelUnregistered',
      'b:channelUnregistered',
      'b:handlerRemoved',
      'a:handlerRemoved',
    ]);
    expect(channel.pipeline.names()).toEqual([]);
  });

  it('L-06: a handler that throws when added is out again, and the error comes from the head', () => {
    const log: string[] = [];
    const first = new Recorder('first', log);
    const channel = new EmbeddedChannel(first);
    const thrower = new ThrowsWhenAdded();
    channel.pipeline.addHandlersLast(thrower);

    const message = 'ThrowsWhenAdded.handlerAdded() has thrown an exception; removed.';
    expect(log.at(-1)).toBe(`first:exceptionCaught ${message}`);
    expect([...channel.pipeline]).toEqual([first]);
    expect(thrower.removed).toBe(1);
    expect(() => channel.checkException()).toThrow(ChannelPipelineError);
    channel.pipeline.addHandlersFirst(thrower);
    expect(() => channel.checkException()).toThrow('removed.');
  });

  it('L-07: says so when the removal throws too', () => {
    const channel = new EmbeddedChannel();
    channel.pipeline.addLast('bad', {
      handlerAdded: () => fail('added'),
      handlerRemoved: () => fail('removed'),
    });

    expect(channel.pipeline.names()).toEqual([]);
    expect(() => channel.checkException()).toThrow('also failed to remove');
  });

  it('L-08: an error of handlerRemoved comes from the head, and the handler stays out', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(new Recorder('first', log));
    const bad = { handlerRemoved: () => fail('no') };
    channel.pipeline.addHandlersLast(bad).remove(bad);

    expect(log.at(-1)).toBe('first:exceptionCaught Object.handlerRemoved() has thrown an exception.');
    expect(channel.pipeline.context(bad)).toBeUndefined();
    expect(() => channel.checkException()).toThrow('handlerRemoved');
  });

  it('L-09: an event fired through the pipeline in handlerAdded reaches the handler itself', () => {
    const events: object[] = [];
    const event = { name: 'hello' };
    const channel = new EmbeddedChannel({
      handlerAdded: (ctx: ChannelHandlerContext) => void ctx.pipeline.fireUserEventTriggered(event),
      userEventTriggered: (_ctx: ChannelHandlerContext, seen: object) => void events.push(seen),
    });

    expect(events).toEqual([event]);
    expect(channel.isActive).toBe(true);
  });

  it('L-11: a handler added after the channel closed is never told, neither that it came nor that it left', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel();
    channel.close();
    const late = new Recorder('late', log);
    channel.pipeline.addHandlersLast(late);
    channel.pipeline.fireChannelRead('message');
    channel.pipeline.remove(late);

    expect(log).toEqual([]);
  });

  it('L-11: a handler added while the closed pipeline is emptied leaves with the others, untold', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({
      handlerRemoved: (ctx: ChannelHandlerContext) =>
        void ctx.pipeline.addLast('late', new Recorder('late', log)),
    });
    channel.close();

    expect(channel.pipeline.names()).toEqual([]);
    expect(log).toEqual([]);
  });

  it('L-05: removes the handlers also when the channel was deregistered before it closed', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(new Recorder('a', log));
    channel.deregister();
    channel.runPendingTasks();
    channel.close();

    expect(log.at(-1)).toBe('a:handlerRemoved');
  });

  it('L-12: a close inside channelRead removes the handler only after channelRead returned', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({
      channelRead: (ctx: ChannelHandlerContext) => {
        ctx.close();
        log.push('read returns');
      },
      handlerRemoved: () => void log.push('removed'),
    });
    channel.writeInbound('message');

    expect(log).toEqual(['read returns', 'removed']);
  });
});

describe('changes in the middle of an event', () => {
  it('L-13: what a removed handler still holds goes to its neighbours', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(
      new Recorder('before', log),
      new Buffering(),
      new Recorder('after', log),
    );
    channel.writeInbound('in');
    channel.writeOutbound('out');
    log.length = 0;
    channel.pipeline.remove(Buffering);

    expect(log).toEqual(['after:channelRead in', 'before:write out', 'before:flush']);
    expect(channel.readInbound()).toBe('in');
    expect(channel.readOutbound()).toBe('out');
  });

  it('L-13: a handler added beside a removed one by a neighbour that does not listen still gets it', () => {
    const log: string[] = [];
    let kept: ChannelHandlerContext | undefined;
    const channel = new EmbeddedChannel();
    channel.pipeline
      .addLast('gone', { handlerAdded: (ctx) => void (kept = ctx) })
      .addLast('deaf', {})
      .addLast('last', new Recorder('last', log));
    channel.pipeline.remove('gone');
    channel.pipeline.addAfter('deaf', 'late', new Recorder('late', log));
    log.length = 0;
    kept?.fireChannelRead('message');

    expect(log).toEqual(['late:channelRead message', 'last:channelRead message']);
  });

  it('L-14: what a replaced handler still holds goes through the new one, both ways', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(new Buffering());
    channel.writeInbound('in');
    channel.writeOutbound('out');
    channel.pipeline.replace(Buffering, 'new', new Recorder('new', log));

    expect(log).toEqual(['new:handlerAdded', 'new:channelRead in', 'new:write out', 'new:flush']);
    expect([channel.readInbound(), channel.readOutbound()]).toEqual(['in', 'out']);
  });

  it('L-15: a handler that removes itself passes this message on and sees no other', () => {
    const log: string[] = [];
    const once = reader((ctx, message) => {
      log.push(`once ${String(message)}`);
      ctx.pipeline.remove(once);
      ctx.fireChannelRead(message);
    });
    const channel = new EmbeddedChannel(once, new Recorder('next', log));
    channel.writeInbound(1, 2);

    expect(log.slice(-3)).toEqual(['once 1', 'next:channelRead 1', 'next:channelRead 2']);
  });

  it('L-16: a handler added behind the running one sees this message', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(
      reader((ctx, message) => {
        ctx.pipeline.addAfter(ctx.name, 'new', new Recorder('new', log));
        ctx.fireChannelRead(message);
      }),
    );
    channel.writeInbound(1);

    expect(log).toEqual(['new:handlerAdded', 'new:channelRead 1']);
  });

  it('L-17: a handler added before the running one does not see this message', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel(
      reader((ctx, message) => {
        ctx.pipeline.addBefore(ctx.name, 'new', new Recorder('new', log));
        ctx.fireChannelRead(message);
      }),
    );
    channel.writeInbound(1);

    expect(log).toEqual(['new:handlerAdded']);
    expect(channel.readInbound()).toBe(1);
  });

  it('L-18: a message skips the next handler once that was removed', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel();
    channel.pipeline
      .addLast(
        'first',
        reader((ctx, message) => void (ctx.pipeline.remove('next'), ctx.fireChannelRead(message))),
      )
      .addLast('next', new Recorder('next', log))
      .addLast('last', new Recorder('last', log));
    log.length = 0;
    channel.writeInbound(1);

    expect(log).toEqual(['next:handlerRemoved', 'last:channelRead 1']);
  });
});

class ThrowsWhenAdded implements ChannelInboundHandler {
  removed = 0;

  handlerAdded(): void {
    throw new Error('no');
  }

  handlerRemoved(): void {
    this.removed++;
  }
}

class Buffering implements ChannelDuplexHandler {
  #in: unknown;
  #out: unknown;

  channelRead(_ctx: ChannelHandlerContext, message: unknown): void {
    this.#in = message;
  }

  write(_ctx: ChannelHandlerContext, message: unknown): void {
    this.#out = message;
  }

  handlerRemoved(ctx: ChannelHandlerContext): void {
    ctx.fireChannelRead(this.#in);
    ctx.writeAndFlush(this.#out);
  }
}

function reader(channelRead: (ctx: ChannelHandlerContext, message: unknown) => void): ChannelInboundHandler {
  return { channelRead };
}

function fail(message: string): never {
  throw new Error(message);
}
