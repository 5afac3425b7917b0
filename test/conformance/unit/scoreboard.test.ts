import { describe, expect, it } from 'vitest';
import type { Outcome } from '../runner/outcome.ts';
import { Scoreboard } from '../runner/scoreboard.ts';

describe('Scoreboard', () => {
  it('names a failure that no known gap explains', () => {
    const scoreboard = new Scoreboard(new Map([['known', 'not built']]));

    expect(scoreboard.add([outcome('known', 'x'), outcome('new', 'y'), outcome('fine')])).toEqual(['new: y']);
    expect([scoreboard.held, scoreboard.total]).toEqual([1, 3]);
  });

  it('counts a case once, and only when it holds in every feeding', () => {
    const scoreboard = new Scoreboard(new Map());
    scoreboard.add([outcome('a'), outcome('b')]);
    scoreboard.add([outcome('a', 'x'), outcome('b')]);

    expect(scoreboard.share).toBe(0.5);
  });

  it('names a known gap that is closed', () => {
    const scoreboard = new Scoreboard(new Map([['known', 'not built']]));
    scoreboard.add([outcome('known')]);

    expect(scoreboard.closedGaps()).toEqual(['known']);
  });

  it('is at zero when nothing ran', () => {
    expect(new Scoreboard(new Map()).share).toBe(0);
  });
});

function outcome(id: string, ...failures: string[]): Outcome {
  return { id, category: 'baseline', feeding: 'whole', failures, notes: [], client: undefined, upstream: [] };
}
