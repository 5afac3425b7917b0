import { idle } from './idle/idle.ts';
import { IDLE_LONG, IDLE_SHORT } from './idle/idle-settings.ts';
import type { LoadProgram } from './load-program.ts';
import { soak } from './soak/soak.ts';
import { SOAK_LONG, SOAK_SHORT } from './soak/soak-settings.ts';
import { slow } from './slow/slow.ts';
import { SLOW_LONG, SLOW_SHORT } from './slow/slow-settings.ts';

/** Every program, in the order of the help text. */
export const PROGRAMS: readonly LoadProgram[] = [
  {
    name: 'idle',
    summary: 'what idle connections cost: plain, TLS, with an admin listener; bars 16, 17',
    run: (bench, { isShort, connections, breakdown }) =>
      idle(bench, {
        ...(isShort ? IDLE_SHORT : IDLE_LONG),
        ...(connections === undefined ? {} : { connections }),
        ...(breakdown === undefined ? {} : { breakdown, kinds: ['plain'] }),
      }),
  },
  {
    name: 'slow',
    summary: 'clients that send a byte every two seconds, beside normal traffic; bars 23, 24, 25',
    run: (bench, { isShort, connections }) =>
      slow(bench, {
        ...(isShort ? SLOW_SHORT : SLOW_LONG),
        ...(connections === undefined ? {} : { connections }),
      }),
  },
  {
    name: 'soak',
    summary: 'ten minutes of full load with churn and faults, every body checked; bars 2, 3, 5, 21, 40',
    run: (bench, { isShort, minutes }) =>
      soak(bench, {
        ...(isShort ? SOAK_SHORT : SOAK_LONG),
        ...(minutes === undefined ? {} : { durationMs: minutes * 60_000 }),
      }),
  },
];
