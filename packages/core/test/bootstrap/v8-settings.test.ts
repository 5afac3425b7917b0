import { expect, it } from 'vitest';
import { v8Flags } from '../../src/bootstrap/v8-settings.ts';

const ALL = [
  '--no-allocation-site-pretenuring',
  '--heap-growing-percent=200',
  '--max-inlined-bytecode-size-cumulative=1800',
  '--max-inlined-bytecode-size=1000',
  '--no-omit-default-ctors',
  '--no-parallel-scavenge',
];

const without = (flag: string): string[] => ALL.filter((name) => name !== flag);

it('lets V8 collect less often and by one thread, and take in more of what a function calls', () => {
  expect(v8Flags(['--import', 'tsx'])).toEqual(ALL);
});

it.each(['--heap-growing-percent=50', '--heap_growing_percent=50'])('leaves %s to who gave it', (option) => {
  expect(v8Flags([option])).toEqual(without('--heap-growing-percent=200'));
});

it('tells a flag from another that begins with its name', () => {
  expect(v8Flags(['--max-inlined-bytecode-size-cumulative=920'])).toEqual(
    without('--max-inlined-bytecode-size-cumulative=1800'),
  );
});

it.each(['--omit-default-ctors', '--no-omit-default-ctors', '--no_omit_default_ctors'])(
  'leaves %s, which is on or off, to who gave it',
  (option) => {
    expect(v8Flags([option])).toEqual(without('--no-omit-default-ctors'));
  },
);
