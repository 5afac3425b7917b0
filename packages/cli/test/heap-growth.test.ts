import { expect, it } from 'vitest';
import { letHeapGrow } from '../src/program/heap-growth.ts';

// Flags of V8 can be set, not read.
function flagsSetWith(...options: readonly string[]): readonly string[] {
  const flags: string[] = [];
  letHeapGrow((flag) => void flags.push(flag), options);
  return flags;
}

it('lets V8 wait with full collections', () => {
  expect(flagsSetWith('--import', 'tsx')).toEqual(['--heap-growing-percent=200']);
});

it.each(['--heap-growing-percent=50', '--heap_growing_percent=50'])('leaves %s to who gave it', (option) => {
  expect(flagsSetWith(option)).toEqual([]);
});
