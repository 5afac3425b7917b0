import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';
import { PROGRAMS } from './programs.ts';

describe('parseOptions of the load programs', () => {
  it('finds programs by their names, and all of them', () => {
    const one = parseOptions(['slow', '--short']);
    const all = parseOptions(['all', '--minutes', '2']);

    expect(one.programs.map(({ name }) => name)).toEqual(['slow']);
    expect(one.options).toMatchObject({ isShort: true, minutes: undefined });
    expect(all.programs).toEqual(PROGRAMS);
    expect(all.options).toMatchObject({ isShort: false, minutes: 2 });
    expect(parseOptions(['soak', '--pause', '70']).options).toMatchObject({ pause: 70 });
  });

  it('shows its help when it is not told what to run', () => {
    expect(parseOptions([]).help).toBe(true);
  });

  it.each([
    [
      ['sloth'],
      'there is no program "sloth"; there are: idle, slow, soak, bodies, truncated, stalls, bursts, ',
    ],
    [['idle', '--connections', '0'], '--connections must be a number above 0 and at most 100000, not "0"'],
    [['soak', '--minutes', '0.5'], '--minutes must be a whole number, not "0.5"'],
    [['idle', '--fast'], "Unknown option '--fast'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
