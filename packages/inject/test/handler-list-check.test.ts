import type { ChannelHandler } from '@sluice/core';
import { checkHandlerList, Handler, HandlerListError } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { describe, expect, it } from 'vitest';

@Handler({ name: 'codec' })
class Codec implements ChannelHandler {}

@Handler({ name: 'lifecycle', requires: [Codec] })
class Lifecycle implements ChannelHandler {}

@Handler({ name: 'log', after: [Codec] })
class Log implements ChannelHandler {}

@Handler({ name: 'idle', before: [Codec] })
class Idle implements ChannelHandler {}

@Handler({ name: 'codec' })
class OtherCodec implements ChannelHandler {}

class Plain implements ChannelHandler {}

describe('checkHandlerList', () => {
  it.each<{ what: string; list: HandlerClass[]; message: string }>([
    {
      what: 'a handler is listed twice',
      list: [Codec, Log, Codec],
      message: 'Codec is listed twice.\n    Codec\n    Log\n  → Codec',
    },
    {
      what: 'two handlers have one name',
      list: [Codec, OtherCodec],
      message: 'OtherCodec has the name of Codec, "codec". Give it another.\n    Codec\n  → OtherCodec',
    },
    {
      what: 'a prerequisite is missing',
      list: [Plain, Lifecycle],
      message: 'Lifecycle needs Codec before it. Add it to the list.\n    Plain\n  → Lifecycle',
    },
    {
      what: 'a prerequisite comes too late',
      list: [Lifecycle, Codec],
      message: 'Lifecycle must come after Codec. Move Codec up.\n  → Lifecycle\n    Codec',
    },
    {
      what: 'a handler comes too early',
      list: [Log, Plain, Codec],
      message: 'Log must come after Codec. Move Codec up.\n  → Log\n    Plain\n    Codec',
    },
    {
      what: 'a handler comes too late',
      list: [Codec, Idle],
      message: 'Idle must come before Codec. Move Idle up.\n    Codec\n  → Idle',
    },
  ])('shows the list and the place when $what', ({ list, message }) => {
    const check = (): void => checkHandlerList(list);

    expect(check).toThrow(HandlerListError);
    expect(check).toThrow(expect.objectContaining({ code: 'SLUICE_HANDLER_LIST', message }));
  });

  it('names the handlers whose relations contradict each other', () => {
    const earlier: HandlerClass[] = [];
    @Handler({ name: 'first', after: earlier })
    class First implements ChannelHandler {}
    @Handler({ name: 'second', requires: [First] })
    class Second implements ChannelHandler {}
    @Handler({ name: 'third', after: [Second] })
    class Third implements ChannelHandler {}
    earlier.push(Third);

    expect(() => checkHandlerList([Plain, First, Second, Third])).toThrow(
      'each of these must come before the next: First → Second → Third → First. Take one of the relations away.\n' +
        '    Plain\n  → First\n    Second\n    Third',
    );
  });

  it('names the list where it has a name', () => {
    expect(() => checkHandlerList([Lifecycle], 'handlers of :80')).toThrow(
      'handlers of :80: Lifecycle needs Codec before it. Add it to the list.\n  → Lifecycle',
    );
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'entry 2 is undefined. Look for modules that import each other'],
    ['an instance', new Plain(), 'entry 2 is an instance. List the class;'],
    ['a name', 'codec', 'entry 2 is no class of handlers.'],
  ])('refuses a list that has %s in the place of a class', (_what, entry, message) => {
    const list = [Codec, entry, Log] as HandlerClass[];

    expect(() => checkHandlerList(list)).toThrow(message);
    expect(() => checkHandlerList(list)).toThrow(/\n {4}Codec\n {2}→ .*\n {4}Log$/);
  });

  it.each<{ what: string; list: HandlerClass[] }>([
    { what: 'everything in its place', list: [Idle, Codec, Lifecycle, Log] },
    { what: 'an absent handler that others only relate to', list: [Log, Idle] },
    { what: 'handlers without a decorator', list: [Plain, Codec] },
    { what: 'nothing', list: [] },
  ])('takes a list with $what', ({ list }) => {
    expect(() => checkHandlerList(list)).not.toThrow();
  });
});
