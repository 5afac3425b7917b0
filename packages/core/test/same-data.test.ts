import { expect, it } from 'vitest';
import { isSameData } from '../src/index.ts';

class SomeOptions {
  readonly a: number;

  constructor(a: number) {
    this.a = a;
  }
}

class Counter {
  #count = 0;

  next(): number {
    return ++this.#count;
  }
}

const counter = new Counter();
const make = (): void => {};

it.each<[boolean, unknown, unknown]>([
  [true, { a: [1, { b: 'c' }] }, { a: [1, { b: 'c' }] }],
  [true, { a: undefined }, {}],
  [true, new SomeOptions(1), { a: 1 }],
  [true, [counter, make], [counter, make]],
  [false, new SomeOptions(1), new SomeOptions(2)],
  [false, counter, new Counter()],
  [false, make, () => {}],
  [false, [1], [1, 2]],
  [false, [], {}],
  [false, { a: 1 }, { a: 1, b: 2 }],
  [false, 1, '1'],
  [false, undefined, {}],
])('says %j of %j and %j', (expected, a, b) => {
  expect(isSameData(a, b)).toBe(expected);
});
