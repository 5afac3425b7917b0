import { parseArgs } from 'node:util';
import { wholeNumber } from '../support/option-numbers.ts';
import type { LoadOptions, LoadProgram } from './load-program.ts';
import { PROGRAMS } from './programs.ts';

/** Connections of one process: as many descriptors as it may have are counted by the system. */
const MAX_CONNECTIONS = 100_000;
const MAX_MINUTES = 1_440;
const MAX_PAUSE_MS = 1_000;
/** A larger heap snapshot is a text that Node can't read. */
const MAX_BREAKDOWN = 5_000;

export type LoadCommandLine = { help: boolean; programs: readonly LoadProgram[]; options: LoadOptions };

const WIDTH = Math.max(...PROGRAMS.map(({ name }) => name.length));

export const USAGE = `npm run load -- PROGRAM... [options]

${PROGRAMS.map(({ name, summary }) => `  ${name.padEnd(WIDTH)}  ${summary}`).join('\n')}
  ${'all'.padEnd(WIDTH)}  each of them, one after the other

  --short           the form that CI runs: seconds, and no bounds on times
  --connections N   idle and slow: how many connections
  --minutes N       soak, bodies and replay: how long
  --pause MS        soak: how long each client waits between two exchanges; none, which is full load, by default
  --breakdown N     idle: what the heap of a connection is, by constructor, from snapshots before and after N of them
  --help            this text
`;

/** Reads the command line; throws an error for people on anything that it does not know. */
export function parseOptions(args: readonly string[]): LoadCommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      connections: { type: 'string' },
      minutes: { type: 'string' },
      pause: { type: 'string' },
      breakdown: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (
    option: 'connections' | 'minutes' | 'pause' | 'breakdown',
    most: number,
  ): number | undefined => {
    const text = values[option];
    return text === undefined ? undefined : wholeNumber(option, text, most);
  };
  return {
    help: values.help || positionals.length === 0,
    programs: positionals.flatMap(programsNamed),
    options: {
      isShort: values.short,
      connections: number('connections', MAX_CONNECTIONS),
      minutes: number('minutes', MAX_MINUTES),
      pause: number('pause', MAX_PAUSE_MS),
      breakdown: number('breakdown', MAX_BREAKDOWN),
    },
  };
}

function programsNamed(name: string): readonly LoadProgram[] {
  if (name === 'all') return PROGRAMS;
  const found = PROGRAMS.find((program) => program.name === name);
  if (found) return [found];
  const known = [...PROGRAMS.map(({ name }) => name), 'all'].join(', ');
  throw new Error(`there is no program "${name}"; there are: ${known}`);
}
