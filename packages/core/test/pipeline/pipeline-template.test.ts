import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddedChannel, HANDLER_METHODS, PipelineTemplate } from '@sluice/core';
import type { ChannelHandler, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { Recorder } from '../support/recorder.ts';

const LINKS = [
  'nextRead',
  'nextReadComplete',
  'nextUserEvent',
  'prevReadOperation',
  'prevWrite',
  'prevFlush',
] as const;

describe('a pipeline that is filled from a template', () => {
  it('tells each handler that it came before the next one is there', () => {
    const log: string[] = [];
    const { pipeline } = new EmbeddedChannel();
    const noting = (): ChannelHandler => new Noting(() => log.push(pipeline.names().join('')));

    pipeline.fill(template({ a: noting, b: noting }));

    expect(pipeline.names()).toEqual(['a', 'b']);
    expect(log).toEqual(['a', 'ab']);
  });

  it('has behind a handler what that one adds, then the rest', () => {
    const { pipeline } = new EmbeddedChannel();
    const adds = (): ChannelHandler => new Noting((ctx) => ctx.pipeline.addLast('x', new Plain()));

    pipeline.fill(template({ a: adds, b: () => new Plain() }));

    expect(pipeline.names()).toEqual(['a', 'x', 'b']);
  });

  it('has nothing of a handler that leaves at once', () => {
    const channel = new EmbeddedChannel();
    const leaves = (): ChannelHandler => new Noting((ctx) => ctx.pipeline.remove(ctx.name));

    channel.pipeline.fill(template({ a: () => new Plain(), b: leaves, c: () => new Plain() }));

    expect(channel.pipeline.names()).toEqual(['a', 'c']);
  });

  it('puts handlerAdded off until the channel is registered', () => {
    const log: string[] = [];
    const channel = new EmbeddedChannel({ register: false });
    channel.pipeline.fill(template({ a: () => new Recorder('a', log), b: () => new Recorder('b', log) }));
    expect(log).toEqual([]);

    channel.register();

    expect(log.slice(0, 2)).toEqual(['a:handlerAdded', 'b:handlerAdded']);
  });

  it('refuses a name that is there before, or that a handler has taken meanwhile', () => {
    const { pipeline } = new EmbeddedChannel(new Plain());
    const takesC = (): ChannelHandler => new Noting((ctx) => ctx.pipeline.addLast('c', new Plain()));
    const first = { a: () => new Plain(), 'Plain#0': () => new Plain() };
    const second = { b: takesC, c: () => new Plain() };

    expect(() => pipeline.fill(template(first))).toThrow('Duplicate handler name: Plain#0');
    expect(() => pipeline.fill(template(second))).toThrow('Duplicate handler name: c');
    expect(pipeline.names()).toEqual(['Plain#0', 'a', 'b', 'c']);
  });

  it('can be filled again when all that was there before has left', () => {
    const { pipeline } = new EmbeddedChannel(new Plain());
    const leaves = (): ChannelHandler => new Noting((ctx) => ctx.pipeline.remove('Plain#0'));

    pipeline.fill(template({ a: leaves, b: () => new Plain() }));

    expect(pipeline.names()).toEqual(['a', 'b']);
  });

  it('leaves out a handler that says that it is off, and asks no other instance', () => {
    const { pipeline } = new EmbeddedChannel();
    let made = 0;
    const makesOff = (): ChannelHandler => {
      made++;
      return new Off();
    };
    const given = template({ a: makesOff, b: () => new Plain() });

    pipeline.fill(given);

    expect(pipeline.names()).toEqual(['b']);
    expect(made).toBe(1);
  });

  it('keeps its handlers out of other pipelines until they have left', () => {
    const [channel, other] = [new EmbeddedChannel(), new EmbeddedChannel()];
    channel.pipeline.fill(template({ a: () => new Plain(), b: () => new Plain() }));
    const [a, b] = [...channel.pipeline] as [Plain, Plain];
    expect(() => other.pipeline.addLast('a', a)).toThrow('Plain is not sharable');

    channel.pipeline.remove(a);
    other.pipeline.addLast('a', a);
    channel.close();
    other.pipeline.addLast('b', b);

    expect([...other.pipeline]).toEqual([a, b]);
  });

  it('refuses one handler for two channels unless it is sharable', () => {
    const plain = new Plain();
    const shared = new Shared();
    const refused = template({ a: () => plain });
    const taken = template({ a: () => shared });

    new EmbeddedChannel().pipeline.fill(refused).fill(template({ b: () => new Plain() }));
    for (let times = 0; times < 2; times++) new EmbeddedChannel().pipeline.fill(taken);

    expect(() => new EmbeddedChannel().pipeline.fill(refused)).toThrow('Plain is not sharable');
  });

  it('is linked as one whose handlers are added one by one, also when they have methods of their own', () => {
    const listens = fc.array(fc.subarray([...HANDLER_METHODS]), { maxLength: 12 });
    fc.assert(
      fc.property(listens, (list) => {
        const [filled, added] = [new EmbeddedChannel(), new EmbeddedChannel()];
        const makers = list.map((methods, at) => [`h${at}`, () => listener(methods)] as const);

        filled.pipeline.fill(template(Object.fromEntries(makers)));
        for (const [name, make] of makers) added.pipeline.addLast(name, make());

        expect(linksOf(filled)).toEqual(linksOf(added));
      }),
    );
  });
});

it('a template refuses two handlers of one name', () => {
  const a = { name: 'a', make: () => new Plain() };

  expect(() => new PipelineTemplate([a, a])).toThrow('Duplicate handler name: a');
});

class Plain implements ChannelHandler {
  handlerRemoved(): void {}
}

class Off implements ChannelHandler {
  readonly isOff = true;
}

class Shared implements ChannelHandler {
  readonly sharable = true;
}

class Noting implements ChannelInboundHandler {
  readonly #onAdded: (ctx: ChannelHandlerContext) => void;

  constructor(onAdded: (ctx: ChannelHandlerContext) => void) {
    this.#onAdded = onAdded;
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    this.#onAdded(ctx);
  }
}

function template(makers: Readonly<Record<string, () => ChannelHandler>>): PipelineTemplate {
  return new PipelineTemplate(Object.entries(makers).map(([name, make]) => ({ name, make })));
}

function listener(methods: readonly string[]): ChannelHandler {
  return Object.fromEntries(methods.map((method) => [method, () => {}]));
}

function linksOf({ pipeline }: EmbeddedChannel): readonly (readonly string[])[] {
  return [...pipeline.contexts()].map((ctx) => LINKS.map((link) => ctx[link].name));
}
