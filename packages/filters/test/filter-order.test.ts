import { Filter, FilterOrderError, sortFilters } from '@sluice/filters';
import type { FilterClass, InboundFilter } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { inbound } from './support.ts';

@Filter({ type: 'inbound' })
class Authenticate implements InboundFilter {
  apply(): void {}
}

@Filter({ type: 'inbound', after: [Authenticate] })
class RateLimit implements InboundFilter {
  apply(): void {}
}

@Filter({ type: 'inbound', before: [Authenticate] })
class RequestId implements InboundFilter {
  apply(): void {}
}

@Filter({ type: 'inbound' })
class Debug implements InboundFilter {
  apply(): void {}
}

describe('sortFilters', () => {
  it.each<{ what: string; given: FilterClass[]; sorted: FilterClass[] }>([
    { what: 'keeps the declared order', given: [Debug, Authenticate], sorted: [Debug, Authenticate] },
    {
      what: 'holds after',
      given: [RateLimit, Debug, Authenticate],
      sorted: [Authenticate, RateLimit, Debug],
    },
    {
      what: 'holds before',
      given: [Authenticate, Debug, RequestId],
      sorted: [RequestId, Authenticate, Debug],
    },
    {
      what: 'holds relations over several steps',
      given: [RateLimit, Authenticate, RequestId],
      sorted: [RequestId, Authenticate, RateLimit],
    },
    {
      what: 'overlooks filters that are not listed',
      given: [RateLimit, RequestId],
      sorted: [RateLimit, RequestId],
    },
  ])('$what', ({ given, sorted }) => {
    expect(sortFilters(given)).toEqual(sorted);
  });

  it('names the filters that wait for each other', () => {
    const cycle: FilterClass[] = [];
    @Filter({ type: 'inbound', after: cycle })
    class First implements InboundFilter {
      apply(): void {}
    }
    @Filter({ type: 'inbound', after: [First] })
    class Second implements InboundFilter {
      apply(): void {}
    }
    cycle.push(Second);

    expect(() => sortFilters([Debug, First, Second])).toThrow(FilterOrderError);
    expect(() => sortFilters([Debug, First, Second])).toThrow(
      'Filters wait for each other: First → Second → First.',
    );
  });

  it('names a filter that waits for itself', () => {
    const itself: FilterClass[] = [];
    @Filter({ type: 'inbound', before: itself })
    class Only implements InboundFilter {
      apply(): void {}
    }
    itself.push(Only);

    expect(() => sortFilters([Only])).toThrow('Filters wait for each other: Only → Only.');
  });

  it('refuses a relation to what can not be waited for', () => {
    class Plain {
      apply(): void {}
    }
    @Filter({ type: 'outbound' })
    class Outbound {
      apply(): void {}
    }
    const after = (other: unknown): FilterClass => {
      @Filter({ type: 'inbound', after: [other as FilterClass] })
      class Late implements InboundFilter {
        apply(): void {}
      }
      return Late;
    };

    expect(() => sortFilters([after(Plain)])).toThrow(
      'Late is to run after Plain, which is no filter; expected another inbound filter.',
    );
    expect(() => sortFilters([after(Outbound)])).toThrow('after Outbound, which is of type outbound;');
    expect(() => sortFilters([after(undefined)])).toThrow('after undefined, which is no filter;');
  });

  it('refuses a class that is no filter', () => {
    class Plain {
      apply(): void {}
    }

    expect(() => sortFilters([Plain])).toThrow('Plain is not a filter; it has no @Filter decorator.');
  });

  it('has the compiler check that a class has the methods of its type', () => {
    // @ts-expect-error An inbound filter needs apply.
    expect(() => Filter({ type: 'inbound' })(class Empty {})).not.toThrow();
    expect(inbound({})).toBeTypeOf('function');
  });
});
