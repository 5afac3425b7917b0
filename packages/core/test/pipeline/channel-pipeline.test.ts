import { beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler, ChannelInboundHandler, ChannelPipeline } from '@sluice/core';

class A implements ChannelInboundHandler {
  channelActive(): void {}
}
class B extends A {}
class Shared implements ChannelHandler {
  readonly sharable = true;
  added = 0;
  handlerAdded(): void {
    this.added++;
  }
}

let pipeline: ChannelPipeline;
beforeEach(() => {
  ({ pipeline } = new EmbeddedChannel());
});

describe('adding', () => {
  it('P-01: keeps the order of addFirst and addLast, the same in every view', () => {
    const [a, b, c, x, y] = [new A(), new A(), new A(), new A(), new A()];
    pipeline.addHandlersLast(a, b, c).addHandlersFirst(x, y);

    expect([...pipeline]).toEqual([x, y, a, b, c]);
    expect([...pipeline.toMap().values()]).toEqual([...pipeline]);
    expect([...pipeline.toMap().keys()]).toEqual(pipeline.names());
    expect([...pipeline.contexts()].map(({ name }) => name)).toEqual(pipeline.names());
  });

  it('P-02: the variadic forms stop at the first undefined', () => {
    const [a, b, c] = [new A(), new A(), new A()];

    expect([...pipeline.addHandlersLast(a, undefined, b)]).toEqual([a]);
    expect([...pipeline.addHandlersFirst(c, undefined, b)]).toEqual([c, a]);
  });

  it('P-03: refuses a second handler of the same name and changes nothing', () => {
    pipeline.addLast('a', new A());

    expect(() => pipeline.addFirst('a', new B())).toThrow('Duplicate handler name: a');
    expect(pipeline.names()).toEqual(['a']);
  });

  it('takes a handler without a class', () => {
    const handler = Object.create(null) as ChannelHandler;
    pipeline.addLast(undefined, handler);

    expect(pipeline.names()).toEqual(['Object#0']);
    expect(String(pipeline)).toContain('(Object#0 = Object)');
    expect(pipeline.remove(handler)).toBe(handler);
  });

  it('P-04: makes names from the class, never one that is taken', () => {
    pipeline.addHandlersLast(new A(), new A());
    expect(pipeline.names()).toEqual(['A#0', 'A#1']);

    pipeline.remove('A#0');
    pipeline.addHandlersLast(new A(), new A());

    expect(pipeline.names()).toEqual(['A#1', 'A#0', 'A#2']);
  });

  it('P-05: addBefore and addAfter put a handler beside another, or name the one that is missing', () => {
    pipeline.addLast('a', new A());
    pipeline.addBefore('a', 'before', new A()).addAfter('a', 'after', new A());

    expect(pipeline.names()).toEqual(['before', 'a', 'after']);
    expect(() => pipeline.addBefore('z', 'b', new A())).toThrow('"z"');
    expect(() => pipeline.addAfter('z', 'b', new A())).toThrow('"z"');
  });

  it('P-11: an instance that is not sharable stands in one place only', () => {
    const a = new A();
    pipeline.addLast('a', a);

    expect(() => pipeline.addLast('b', a)).toThrow('A is not sharable');
    expect(() => new EmbeddedChannel().pipeline.addLast('a', a)).toThrow('A is not sharable');
    expect(pipeline.names()).toEqual(['a']);
  });

  it('P-11: a sharable instance stands in three pipelines and is told three times', () => {
    const shared = new Shared();
    const channels = [1, 2, 3].map(() => new EmbeddedChannel(shared));

    expect(channels.map((channel) => channel.pipeline.first())).toEqual([shared, shared, shared]);
    expect(shared.added).toBe(3);
  });

  it('P-12: a handler that was removed or replaced may be added again', () => {
    const [a, b] = [new A(), new A()];
    pipeline.addLast('a', a).remove('a');
    pipeline.addLast('a', a);
    pipeline.replace('a', 'b', b);
    pipeline.addLast('a', a);

    expect([...pipeline]).toEqual([b, a]);
  });
});

describe('removing', () => {
  it('P-06: removes by instance, name and class, and returns the handler', () => {
    const [a, b, c] = [new A(), new B(), new Shared()];
    pipeline.addLast('a', a).addLast('b', b).addLast('c', c);

    expect(pipeline.remove(b)).toBe(b);
    expect(pipeline.remove('c')).toBe(c);
    expect(pipeline.remove(A)).toBe(a);
    expect(() => pipeline.remove(a)).toThrow('There is no handler A in the pipeline');
    expect(() => pipeline.remove('c')).toThrow('"c"');
    expect(() => pipeline.remove(A)).toThrow('of class A');
    expect(pipeline.removeIfExists(A)).toBeUndefined();
  });

  it('P-07: an empty pipeline has no first, no last, and nothing to remove', () => {
    expect(() => pipeline.removeFirst()).toThrow('no handler to remove');
    expect(() => pipeline.removeLast()).toThrow('no handler to remove');
    expect(pipeline.first()).toBeUndefined();
    expect(pipeline.last()).toBeUndefined();
    expect(pipeline.firstContext()).toBeUndefined();
    expect(pipeline.lastContext()).toBeUndefined();
  });

  it('P-07: removeFirst and removeLast take the ends', () => {
    const [a, b, c] = [new A(), new A(), new A()];
    pipeline.addHandlersLast(a, b, c);

    expect(pipeline.removeFirst()).toBe(a);
    expect(pipeline.removeLast()).toBe(c);
    expect([...pipeline]).toEqual([b]);
  });

  it('P-08: head and tail can not be removed or replaced', () => {
    for (const name of ['HEAD', 'TAIL']) {
      expect(() => pipeline.remove(name)).toThrow('no handler');
      expect(() => pipeline.replace(name, 'a', new A())).toThrow('no handler');
    }
    expect(pipeline.get('HEAD')).toBeUndefined();
  });
});

describe('replacing', () => {
  it('P-09: takes the exact place, under its own, a new or a made name', () => {
    const [a, b, c, d] = [new A(), new A(), new A(), new A()];
    pipeline.addLast('x', new Shared()).addLast('a', a).addLast('y', new Shared());

    expect(pipeline.replace('a', 'a', b)).toBe(a);
    expect(pipeline.replace(b, 'c', c)).toBe(b);
    expect(pipeline.replace(A, undefined, d)).toBe(c);
    expect(pipeline.names()).toEqual(['x', 'A#0', 'y']);
    expect(pipeline.get('A#0')).toBe(d);
  });

  it('P-10: refuses the name of another handler and changes nothing', () => {
    const [a, b] = [new A(), new A()];
    pipeline.addLast('a', a).addLast('b', b);

    expect(() => pipeline.replace(a, 'b', new A())).toThrow('Duplicate handler name: b');
    expect([...pipeline]).toEqual([a, b]);
  });

  it('P-10: gives a handler another name when it replaces itself, and knows it afterwards', () => {
    const a = new A();
    pipeline.addLast('a', a);
    pipeline.replace('a', 'renamed', a);

    expect(pipeline.names()).toEqual(['renamed']);
    expect(() => pipeline.addLast('again', a)).toThrow('not sharable');
  });

  it('P-11: refuses a replacement that stands elsewhere, and forgets nothing', () => {
    const [a, b] = [new A(), new A()];
    pipeline.addLast('a', a).addLast('b', b);

    expect(() => pipeline.replace('a', 'c', b)).toThrow('not sharable');
    expect(() => pipeline.addLast('d', a)).toThrow('not sharable');
    expect([...pipeline]).toEqual([a, b]);
  });
});

describe('looking', () => {
  it('P-14: the contexts are the same chain in both directions', () => {
    pipeline.addHandlersLast(new A(), new B(), new A());
    const forward = [...pipeline.contexts()];
    const backward = [];
    for (let ctx = pipeline.lastContext(), left = forward.length; ctx && left > 0; left--) {
      backward.unshift(ctx);
      ctx = ctx.prev;
    }

    expect(backward).toEqual(forward);
    expect(forward[0]).toBe(pipeline.firstContext());
    expect(forward[0]?.prev.name).toBe('HEAD');
    expect(forward.at(-1)?.next.name).toBe('TAIL');
  });

  it('P-15: finds the first handler of a class or of one that extends it', () => {
    const [b, a] = [new B(), new A()];
    pipeline.addHandlersLast(b, a);

    expect(pipeline.get(A)).toBe(b);
    expect(pipeline.get(B)).toBe(b);
    expect(pipeline.context(a)?.name).toBe('A#0');
    expect(pipeline.get(Shared)).toBeUndefined();
    expect(pipeline.context('nobody')).toBeUndefined();
  });

  it('P-16: shows its handlers as pairs of name and class', () => {
    pipeline.addLast('first', new A()).addLast(undefined, new B());

    expect(String(pipeline)).toBe('ChannelPipeline{(first = A), (B#0 = B)}');
  });
});
