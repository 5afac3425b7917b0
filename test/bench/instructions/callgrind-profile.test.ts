import { describe, expect, it } from 'vitest';
import { instructionsByFunction } from './callgrind-profile.ts';
import { PerfMap } from './perf-map.ts';
import { partOf, sumBy } from './shares.ts';

const MAP = new PerfMap(
  '1000 20 JS:*old file:///x/packages/core/dist/a.js\n1000 20 JS:*read file:///x/packages/core/dist/a.js\n',
);

const PROFILE = `positions: instr line
events: Ir

ob=(1) /usr/bin/node
fn=(7) uv__read
0x400 0 5
+4 0 3
cob=(2) ???
cfn=(8) 0x1000
calls=2 0x1000 0
* 0 900
fn=(9) Builtins_LoadIC
0x800 0 11

ob=(2)
fn=(8)
0x1004 0 40
-4 0 2
+32 0 6
fn=(10) 0x1000'2
0x101f 0 1

ob=(1)
fn=(7)
0x404 0 1
`;

describe('a profile of callgrind', () => {
  it('counts for each function what it does itself', () => {
    const counts = instructionsByFunction(PROFILE, MAP);

    expect(Object.fromEntries(counts)).toEqual({
      uv__read: 9,
      Builtins_LoadIC: 11,
      'JS:*read file:///x/packages/core/dist/a.js': 43,
      '???': 6,
    });
  });

  it('is summed by package and part', () => {
    const counts = instructionsByFunction(PROFILE, MAP);

    expect(sumBy(counts, partOf)).toEqual([
      ['core', 43],
      ['Node.js and V8, native', 15],
      ['built-ins of V8', 11],
    ]);
  });
});
