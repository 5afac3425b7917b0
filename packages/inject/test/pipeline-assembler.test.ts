import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import {
  Handler,
  handlerOptions,
  HandlerResolutionError,
  PipelineAssembler,
  withDefaults,
} from '@sluice/inject';
import {
  Container,
  inject,
  injectable,
  LazyServiceIdentifier,
  multiInject,
  named,
  optional,
} from 'inversify';
import { describe, expect, it } from 'vitest';

const LIMIT = Symbol('limit');
const NAMES = Symbol('names');

@Handler({ name: 'limited' })
class Limited implements ChannelHandler {
  readonly limit: number;

  constructor(@inject(LIMIT) limit: number) {
    this.limit = limit;
  }

  handlerAdded(): void {}
}

@Handler({ name: 'shared', sharable: true })
class Shared implements ChannelHandler {
  readonly sharable = true;
  readonly limit: number;

  constructor(@inject(LIMIT) limit: number) {
    this.limit = limit;
  }
}

class PaceOptions {
  readonly bytesPerSecond: number = 500;
  readonly graceMs: number = 10_000;
}

@Handler({ name: 'paced' })
class Paced implements ChannelHandler {
  readonly options: PaceOptions;

  constructor(@inject(PaceOptions) options: Partial<PaceOptions> = {}) {
    this.options = withDefaults(PaceOptions, options);
  }

  handlerAdded(): void {}
}

@Handler({ name: 'choosy' })
class Choosy implements ChannelHandler {
  readonly given: readonly unknown[];

  constructor(
    @inject(new LazyServiceIdentifier(() => LIMIT)) limit: number,
    @inject('absent') @optional() absent: unknown,
    @multiInject(NAMES) names: string[],
    @inject('size') @named('large') size: number,
  ) {
    this.given = [limit, absent, names, size];
  }

  handlerAdded(): void {}
}

describe('PipelineAssembler', () => {
  it('gives one object of options to the handlers of all channels, also when a part of them is bound', () => {
    const container = new Container({ autobind: true });
    container.bind(PaceOptions).toConstantValue({ graceMs: 5 } as PaceOptions);
    const assembler = new PipelineAssembler(container, [Paced]);
    const [first, second] = [new EmbeddedChannel(), new EmbeddedChannel()];

    assembler.assemble(first);
    assembler.assemble(second);

    expect(first.pipeline.get(Paced)?.options).toEqual({ bytesPerSecond: 500, graceMs: 5 });
    expect(first.pipeline.get(Paced)?.options).toBe(second.pipeline.get(Paced)?.options);
  });

  it('makes handlers anew for each channel, and the sharable ones once for all lists', () => {
    const container = new Container({ autobind: true });
    container.bind(LIMIT).toConstantValue(7);
    const assembler = new PipelineAssembler(container, [Limited, Shared]);
    const other = new PipelineAssembler(container, [Shared]);
    const [first, second, third] = [new EmbeddedChannel(), new EmbeddedChannel(), new EmbeddedChannel()];

    assembler.assemble(first);
    assembler.assemble(second);
    other.assemble(third);

    expect(first.pipeline.names()).toEqual(expect.arrayContaining(['limited', 'shared']));
    expect(first.pipeline.get(Limited)?.limit).toBe(7);
    expect(first.pipeline.get(Limited)).not.toBe(second.pipeline.get(Limited));
    expect(first.pipeline.get(Shared)).toBe(second.pipeline.get(Shared));
    expect(first.pipeline.get(Shared)).toBe(third.pipeline.get(Shared));
    expect(assembler.names).toEqual(['limited', 'shared']);
  });

  it('asks the container when it is made and never for a channel', () => {
    const container = new Container({ autobind: true });
    let asked = 0;
    container.bind(LIMIT).toDynamicValue(() => ++asked);
    const assembler = new PipelineAssembler(container, [Limited]);
    const channel = new EmbeddedChannel();

    assembler.assemble(channel);
    assembler.assemble(new EmbeddedChannel());

    expect(asked).toBe(1);
    expect(channel.pipeline.get(Limited)?.limit).toBe(1);
  });

  it('resolves lazy, optional, multiple and named dependencies', () => {
    const container = new Container({ autobind: true });
    container.bind(LIMIT).toConstantValue(7);
    container.bind(NAMES).toConstantValue('a');
    container.bind(NAMES).toConstantValue('b');
    container.bind('size').toConstantValue(1).whenNamed('small');
    container.bind('size').toConstantValue(2).whenNamed('large');
    const channel = new EmbeddedChannel();

    new PipelineAssembler(container, [Choosy]).assemble(channel);

    expect(channel.pipeline.get(Choosy)?.given).toEqual([7, undefined, ['a', 'b'], 2]);
  });

  it.each([{ handler: Limited }, { handler: Shared }])(
    'names the list, $handler.name and the parameter when something is not bound',
    ({ handler }) => {
      const make = (): unknown => new PipelineAssembler(new Container(), [handler], 'handlers of :80');

      expect(make).toThrow(HandlerResolutionError);
      expect(make).toThrow(
        `handlers of :80: ${handler.name} could not be made: parameter 1 of its constructor, limit, takes Symbol(limit): nothing is bound to it.
  Add to modules: new ContainerModule(({ bind }) => void bind(TOKEN).toConstantValue(…)), where TOKEN is Symbol(limit)`,
      );
    },
  );

  it('refuses a handler with a parameter that has no token', () => {
    @Handler({ name: 'forgetful' })
    class Forgetful implements ChannelHandler {
      readonly limit: number;

      constructor(@inject(LIMIT) limit: number, factor: number) {
        this.limit = limit * factor;
      }

      handlerAdded(): void {}
    }
    const container = new Container();
    container.bind(LIMIT).toConstantValue(7);

    expect(() => new PipelineAssembler(container, [Forgetful])).toThrow(
      'handlers: Forgetful could not be made: parameter 2 of its constructor, factor, has no token.\n' +
        '  Write in its constructor: @inject(TOKEN) factor',
    );
  });

  it('refuses at once a handler whose constructor throws', () => {
    @Handler({ name: 'choleric' })
    class Choleric implements ChannelHandler {
      constructor() {
        throw new RangeError('maxBytes: expected a positive number, found -1');
      }

      handlerAdded(): void {}
    }

    expect(() => new PipelineAssembler(new Container(), [Choleric], 'handlers of :80')).toThrow(
      'handlers of :80: Choleric could not be made: maxBytes: expected a positive number, found -1',
    );
  });

  it('refuses a handler whose properties are injected', () => {
    @Handler({ name: 'by-property' })
    class ByProperty implements ChannelHandler {
      @inject(LIMIT) readonly limit: number = 0;

      handlerAdded(): void {}
    }

    expect(() => new PipelineAssembler(new Container(), [ByProperty])).toThrow(
      'handlers: ByProperty could not be made: property limit is injected; a handler takes what it needs in its constructor.',
    );
  });

  it('refuses a handler that only its decorator calls sharable', () => {
    @Handler({ name: 'undecided', sharable: true })
    class Undecided implements ChannelHandler {}

    expect(() => new PipelineAssembler(new Container({ autobind: true }), [Undecided])).toThrow(
      'Undecided could not be made: its decorator says that it is sharable, its instance does not; ' +
        'write `readonly sharable = true`.',
    );
  });
});

describe('handlerOptions', () => {
  it('gives what the decorator says', () => {
    expect(handlerOptions(Shared)).toEqual({ name: 'shared', sharable: true });
  });

  it('gives the name of the class where there is no decorator of its own', () => {
    @injectable()
    class Derived extends Shared {}

    expect(handlerOptions(Derived)).toEqual({ name: 'Derived' });
  });
});
