import { Filter, FilterSetError, resolveFilters } from '@sluice/filters';
import type { InboundFilter } from '@sluice/filters';
import { Container, inject } from 'inversify';
import { expect, it } from 'vitest';

const KEYS = Symbol('keys');

@Filter({ type: 'inbound' })
class ApiKeyFilter implements InboundFilter {
  readonly keys: ReadonlySet<string>;

  constructor(@inject(KEYS) keys: ReadonlySet<string>) {
    this.keys = keys;
  }

  apply(): void {}
}

@Filter({ type: 'inbound' })
class BrokenFilter implements InboundFilter {
  constructor() {
    throw new Error('no disk');
  }

  apply(): void {}
}

it('names the filter and the parameter whose value is missing, and says what to write', () => {
  const resolve = (): unknown => resolveFilters(new Container({ autobind: true }), [ApiKeyFilter]);

  expect(resolve).toThrow(FilterSetError);
  expect(resolve).toThrow(
    'filters: ApiKeyFilter could not be made: parameter 1 of its constructor, keys, takes Symbol(keys): nothing is bound to it.\n' +
      '  Add to modules: new ContainerModule(({ bind }) => void bind(TOKEN).toConstantValue(…)), where TOKEN is Symbol(keys)',
  );
});

it('says what the constructor of a filter has thrown', () => {
  expect(() => resolveFilters(new Container({ autobind: true }), [BrokenFilter])).toThrow(
    'filters: BrokenFilter could not be made: no disk',
  );
});
