import { expect, it } from 'vitest';
import { v8Flags } from '../../src/bootstrap/v8-settings.ts';

it('lets V8 wait with full collections, take in more of what a function calls, and constructors of classes that extend others', () => {
  expect(v8Flags(['--import', 'tsx'])).toEqual([
    '--heap-growing-percent=200',
    '--max-inlined-bytecode-size-cumulative=1800',
    '--max-inlined-bytecode-size=1000',
    '--no-omit-default-ctors',
  ]);
});

it.each(['--heap-growing-percent=50', '--heap_growing_percent=50'])('leaves %s to who gave it', (option) => {
  expect(v8Flags([option])).toEqual([
    '--max-inlined-bytecode-size-cumulative=1800',
    '--max-inlined-bytecode-size=1000',
    '--no-omit-default-ctors',
  ]);
});

it('tells a flag from another that begins with its name', () => {
  expect(v8Flags(['--max-inlined-bytecode-size-cumulative=920'])).toEqual([
    '--heap-growing-percent=200',
    '--max-inlined-bytecode-size=1000',
    '--no-omit-default-ctors',
  ]);
});

it.each(['--omit-default-ctors', '--no-omit-default-ctors', '--no_omit_default_ctors'])(
  'leaves %s, which is on or off, to who gave it',
  (option) => {
    expect(v8Flags([option])).toEqual([
      '--heap-growing-percent=200',
      '--max-inlined-bytecode-size-cumulative=1800',
      '--max-inlined-bytecode-size=1000',
    ]);
  },
);
