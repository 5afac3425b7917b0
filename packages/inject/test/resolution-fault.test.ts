import { PipelineAssembler } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { Container, inject, injectable } from 'inversify';
import { expect, it } from 'vitest';

const SKEW = Symbol('skew');
const HOME = Symbol('home');

class Repository {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }
}

@injectable()
class Mirror {
  readonly skew: number;

  constructor(@inject(SKEW) skew: number) {
    this.skew = skew;
  }
}

@injectable()
class Snake {
  readonly tail: unknown;

  constructor(@inject(HOME) tail: unknown) {
    this.tail = tail;
  }
}

it.each<[string, unknown, string]>([
  [
    'a symbol that is not bound',
    SKEW,
    'takes Symbol(skew): nothing is bound to it.\n' +
      '  Add to modules: new ContainerModule(({ bind }) => void bind(TOKEN).toConstantValue(…)), where TOKEN is Symbol(skew)',
  ],
  [
    'a class that needs one',
    Mirror,
    'takes Mirror, and for that Symbol(skew): nothing is bound to it.\n' +
      '  Add to modules: new ContainerModule(({ bind }) => void bind(TOKEN).toConstantValue(…)), where TOKEN is Symbol(skew)',
  ],
  [
    'a class that the container can not make',
    Repository,
    'takes Repository: it is not bound, and parameters of its constructor have no token.\n' +
      '  Add to modules: new ContainerModule(({ bind }) => void bind(Repository).toConstantValue(new Repository(…)))',
  ],
  [
    'what is bound twice',
    'twice',
    'takes twice: it is bound more than once.\n  Take all but one of its bindings out of the modules, or inject them all with @multiInject.',
  ],
  [
    'a circle',
    Snake,
    'takes Snake: Circular dependency found: Snake -> Symbol(home) -> Snake\n  Take one of them out of the constructor of the other.',
  ],
  [
    'what comes later',
    'promised',
    'takes promised: Unexpected asynchronous service when resolving service "promised"\n' +
      '  Await it before the gateway is made, and bind the outcome: bind(TOKEN).toConstantValue(…)',
  ],
  [
    'what throws',
    'broken',
    'takes broken: no disk\n  Mend what is bound to it, or bind another: bind(TOKEN).toConstantValue(…)',
  ],
])('says what to write for a handler that takes %s', (_what, token, message) => {
  const container = new Container({ autobind: true });
  container.bind('twice').toConstantValue(1);
  container.bind('twice').toConstantValue(2);
  container.bind(HOME).toService(Snake);
  container.bind('promised').toDynamicValue(() => Promise.resolve(1));
  container.bind('broken').toDynamicValue(() => {
    throw new Error('no disk');
  });

  expect(() => new PipelineAssembler(container, [handlerThatTakes(token)], 'handlers of :80')).toThrow(
    `handlers of :80: Taker could not be made: parameter 1 of its constructor, given, ${message}`,
  );
});

it('names the parameter by its number alone where it is a pattern', () => {
  class Taker {
    readonly size: number;

    constructor({ size }: { size: number } = { size: 1 }, _factor: number) {
      this.size = size;
    }

    handlerAdded(): void {}
  }
  inject(SKEW)(Taker, undefined, 0);

  expect(() => new PipelineAssembler(new Container(), [Taker])).toThrow(
    'parameter 1 of its constructor takes Symbol(skew)',
  );
});

function handlerThatTakes(token: unknown): HandlerClass {
  class Taker {
    readonly given: unknown;

    constructor(@inject(token as symbol) given: unknown) {
      this.given = given;
    }

    handlerAdded(): void {}
  }
  return Taker;
}
