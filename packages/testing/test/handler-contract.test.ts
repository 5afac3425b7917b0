import type { ChannelHandler, ChannelHandlerContext, ChannelPromise, Timer } from '@sluice/core';
import { ContractError, describeHandler, handlerContract } from '@sluice/testing';
import type { HandlerContractOptions, MakeHandler } from '@sluice/testing';
import { describe, expect, it } from 'vitest';

describe('the handler contract', () => {
  it('holds for a handler that listens to nothing', () => {
    expect(brokenRules(() => ({}))).toEqual([]);
  });

  it.each<[string, MakeHandler, readonly string[], HandlerContractOptions]>([
    ['keeps a read', () => ({ channelRead: () => {} }), ['passes on channelRead once'], {}],
    [
      'fires an event twice',
      () => ({
        userEventTriggered(ctx: ChannelHandlerContext, event: object) {
          ctx.fireUserEventTriggered(event);
          ctx.fireUserEventTriggered(event);
        },
      }),
      ['passes on userEventTriggered once'],
      {},
    ],
    ['forgets a flush', () => ({ flush: () => {} }), ['passes on flush once'], {}],
    [
      'forgets a write and its promise',
      () => ({ write: () => {} }),
      ['passes on write once', 'lets the writer know that a write has failed'],
      {},
    ],
    [
      'leaves a timer',
      () => new Waiting(false),
      ['leaves no timer when the connection is lost', 'leaves no timer when it is removed'],
      {},
    ],
    [
      'leaves a timer when it is removed',
      () => new Waiting(true),
      ['leaves no timer when it is removed'],
      {},
    ],
    [
      'leaves reads paused',
      () => ({
        channelRead(ctx: ChannelHandlerContext, message: unknown) {
          ctx.channel.pauseReads();
          ctx.fireChannelRead(message);
        },
      }),
      ['resumes the reads that it has paused when it is removed'],
      {},
    ],
    [
      'throws when it is removed',
      () => ({
        handlerRemoved() {
          throw new Error('not now');
        },
      }),
      [
        'can be removed at any time, and the channel goes on without it',
        'can be added to a channel that is active',
      ],
      {},
    ],
    [
      'is shared and counts',
      () => new Numbering(),
      [
        'passes on channelRead once',
        'gives two channels that share it what each would get alone',
        'reads the same whole, byte by byte and in any two pieces: input 1',
      ],
      { bytes: ['ab'] },
    ],
  ])('is broken by one that %s', (_what, make, rules, options) => {
    expect(brokenRules(make, options)).toEqual(expect.arrayContaining([...rules]));
  });

  it('asks nothing of what the handler says that it consumes', () => {
    expect(brokenRules(() => ({ channelRead: () => {} }), { consumes: ['channelRead'] })).toEqual([]);
  });

  it('says what was seen and what was expected', () => {
    const check = handlerContract(() => ({ flush: () => {} })).find(({ rule }) => rule.includes('flush'));

    expect(() => check?.run()).toThrow(
      new ContractError(
        'flush happened once and was passed on never. Call ctx.flush(…) on every way through flush, or name it in consumes.',
      ),
    );
  });

  it('becomes a test for each rule, under the name of the class', () => {
    const names: string[] = [];
    const say = (name: string, body?: () => void): void => {
      names.push(name);
      if (name === 'Numbering') body?.();
    };
    describeHandler({ describe: say, it: say }, () => new Numbering());

    expect(names[0]).toBe('Numbering');
    expect(names.slice(1)).toEqual(handlerContract(() => new Numbering()).map(({ rule }) => rule));
  });
});

function brokenRules(make: MakeHandler, options: HandlerContractOptions = {}): string[] {
  return handlerContract(make, options).flatMap(({ rule, run }) => {
    try {
      run();
      return [];
    } catch (cause) {
      expect(cause).toBeInstanceOf(ContractError);
      return [rule];
    }
  });
}

/** Sets a timer with the first bytes. */
class Waiting implements ChannelHandler {
  readonly #isTidy: boolean;
  #timer: Timer | undefined = undefined;

  constructor(isTidy: boolean) {
    this.#isTidy = isTidy;
  }

  channelRead(ctx: ChannelHandlerContext, message: unknown): void {
    this.#timer ??= ctx.channel.eventLoop.schedule(1_000, () => {});
    ctx.fireChannelRead(message);
  }

  channelInactive(ctx: ChannelHandlerContext): void {
    if (this.#isTidy) this.#timer?.cancel();
    ctx.fireChannelInactive();
  }
}

/** Gives each message a number, by one count for all channels. */
class Numbering implements ChannelHandler {
  readonly sharable = true;
  #count = 0;

  channelRead(ctx: ChannelHandlerContext, message: unknown): void {
    ctx.fireChannelRead(Buffer.from(`${this.#count++}: ${String(message)}`));
  }

  write(ctx: ChannelHandlerContext, message: unknown, promise: ChannelPromise): void {
    ctx.write(message, promise);
  }
}
