import { expect, it } from 'vitest';
import { setUpV8 } from '../src/program/v8-settings.ts';

// Flags of V8 can be set, not read.
function flagsSetWith(...options: readonly string[]): readonly string[] {
  const flags: string[] = [];
  setUpV8((flag) => void flags.push(flag), options);
  return flags;
}

it('lets V8 wait with full collections and take in more of what a function calls', () => {
  expect(flagsSetWith('--import', 'tsx')).toEqual([
    '--heap-growing-percent=200',
    '--max-inlined-bytecode-size-cumulative=1800',
    '--max-inlined-bytecode-size=1000',
  ]);
});

it.each(['--heap-growing-percent=50', '--heap_growing_percent=50'])('leaves %s to who gave it', (option) => {
  expect(flagsSetWith(option)).toEqual([
    '--max-inlined-bytecode-size-cumulative=1800',
    '--max-inlined-bytecode-size=1000',
  ]);
});

it('tells a flag from another that begins with its name', () => {
  expect(flagsSetWith('--max-inlined-bytecode-size-cumulative=920')).toEqual([
    '--heap-growing-percent=200',
    '--max-inlined-bytecode-size=1000',
  ]);
});
