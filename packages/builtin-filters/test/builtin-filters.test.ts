import { BUILTIN_FILTERS } from '@sluice/builtin-filters';
import { filterOptions, sortFilters } from '@sluice/filters';
import type { FilterClass } from '@sluice/filters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const ALL = BUILTIN_FILTERS.flatMap(({ filters }) => filters);

const INBOUND = [
  'strip-user-field',
  'request-id',
  'ip-access',
  'health-check',
  'redirect',
  'cors',
  'early-rate-limit',
  'basic-auth',
  'rate-limit',
  'request-size-limit',
  'fault',
  'request-header-mutation',
  'mirror',
];

const OUTBOUND = [
  'request-id-response',
  'rate-limit-fields',
  'response-header-mutation',
  'cors-response',
  'whole-compression',
  'streaming-compression',
];

describe('the order of the built-in filters', () => {
  it.each([
    ['inbound', INBOUND],
    ['outbound', OUTBOUND],
  ])('is one for all that are %s, in whatever order and however few are declared', (type, order) => {
    const ofType = ALL.filter((filter) => filterOptions(filter).type === type);
    fc.assert(
      fc.property(fc.shuffledSubarray(ofType), (declared) => {
        const names = namesOf(sortFilters(declared)).filter((name) => order.includes(name));

        expect(names).toEqual(order.filter((name) => namesOf(declared).includes(name)));
      }),
    );
  });

  it('has a place for each of them', () => {
    expect(namesOf(ALL).toSorted()).toEqual([...INBOUND, ...OUTBOUND, 'accept-encoding'].toSorted());
  });
});

describe('the options of the built-in filters', () => {
  it.each(BUILTIN_FILTERS.filter(({ name }) => name !== 'basic-auth'))(
    'of $name can be left out',
    (entry) => {
      const { options: Options, schema } = entry;

      expect({ ...new Options() }).toEqual(schema.parse({}));
      expect(schema.parse(schema.parse({}))).toEqual(schema.parse({}));
    },
  );

  it.each(BUILTIN_FILTERS)(
    'of $name are refused with a name that is none, and told by the filter',
    (entry) => {
      const { name, options: Options } = entry;

      expect(() => new Options({ vipp: 1 })).toThrow(`${name}: options: Unrecognized key: "vipp"`);
      expect(() => new Options('text' as never)).toThrow(`${name}: options: Invalid input: expected object`);
    },
  );
});

function namesOf(filters: readonly FilterClass[]): readonly string[] {
  return filters.map((filter) => filterOptions(filter).name ?? filter.name);
}
