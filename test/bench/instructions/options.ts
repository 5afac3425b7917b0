import { parseArgs } from 'node:util';
import { wholeNumber } from '../../support/option-numbers.ts';
import { SCENARIOS, scenarioNamed } from '../scenarios.ts';
import type { Scenario } from '../scenarios.ts';

const MOST_REQUESTS = 1_000_000;
const MOST_LINES = 10_000;
const DEFAULTS = { warmUp: '25000', requests: '4000', top: '40' };

export type InstructionsOptions = {
  scenario: Scenario;
  /** Requests until everything on the way is compiled for good. */
  warmUp: number;
  /** Requests that are counted. */
  requests: number;
  /** How many functions are listed. */
  top: number;
  help: boolean;
};

export const USAGE = `npm run bench:instructions -- [options]

  --scenario NAME   ${SCENARIOS.map(({ name }) => name).join(', ')} (small)
  --warm-up N       requests before (${DEFAULTS.warmUp})
  --requests N      requests that are counted (${DEFAULTS.requests})
  --top N           functions that are listed (${DEFAULTS.top})
  --help            this text
`;

/** Reads the command line; throws an error for people on anything that it does not know. */
export function parseOptions(args: readonly string[]): InstructionsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string', default: 'small' },
      'warm-up': { type: 'string', default: DEFAULTS.warmUp },
      requests: { type: 'string', default: DEFAULTS.requests },
      top: { type: 'string', default: DEFAULTS.top },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    scenario: scenarioNamed(values.scenario),
    warmUp: wholeNumber('warm-up', values['warm-up'], MOST_REQUESTS),
    requests: wholeNumber('requests', values.requests, MOST_REQUESTS),
    top: wholeNumber('top', values.top, MOST_LINES),
    help: values.help,
  };
}
