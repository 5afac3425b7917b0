import { parseArgs } from 'node:util';
import { positiveNumber, wholeNumber } from '../support/option-numbers.ts';
import { ALL_PEERS, USUAL_PEERS } from './peers/all-peers.ts';
import type { Peer } from './peers/peer.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** What one run of the bench does. */
export type BenchOptions = {
  rounds: number;
  /** Counted window of each measurement, in seconds. */
  durationSeconds: number;
  /** Load before each measurement: a Node proxy compiles its hot path in the first round, and parts of it anew for each scenario. */
  warmUp: { firstMs: number; laterMs: number };
  /** Requests in flight at any time. */
  connections: number;
  /** Requests per second, whatever becomes of those before; absent: the next when the last is answered. */
  ratePerSecond: number | undefined;
  scenarios: readonly Scenario[];
  peers: readonly Peer[];
  /** Whether every proxy writes an access log. */
  accessLog: boolean;
  /** Whether the proxies have a CPU of their own, and load and origin the other. */
  isPinned: boolean;
  /** File that takes the single measurements as JSON. */
  jsonFile: string | undefined;
  help: boolean;
};

/** The pools of all peers keep that many connections to the origin, so none has to open one in a window. */
const MAX_CONNECTIONS = 256;
const DEFAULTS = { rounds: '5', duration: '3', connections: '64' };
const MAX_RATE = 100_000;
const QUICK = { rounds: '2', duration: '1' };
const SHORT = { rounds: '1', duration: '0.3', connections: '8' };
const WARM_UP = { firstMs: 5_000, laterMs: 1_500 };
const SHORT_WARM_UP = { firstMs: 200, laterMs: 200 };

export const USAGE = `npm run bench -- [options]

  --rounds N        rounds; medians are taken over them (${DEFAULTS.rounds})
  --duration S      seconds of each measurement, after a warm-up (${DEFAULTS.duration})
  --connections N   requests in flight (${DEFAULTS.connections})
  --rate N          N requests a second, in an open loop: for latencies
  --scenario A,B    only these: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --peer A,B        only these: ${ALL_PEERS.map(({ name }) => name).join(', ')}
  --access-log      every proxy writes an access log
  --pin             proxies on CPU 0 alone, load and origin on CPU 1: for latencies
  --json FILE       writes every measurement to FILE
  --quick           ${QUICK.rounds} rounds of ${QUICK.duration} s: for a first look, not for a decision
  --short           the form that CI runs: ${SHORT.rounds} round of ${SHORT.duration} s, hardly warmed up; only its errors mean anything
  --help            this text
`;

/** Reads the command line; throws an error for people on anything that it does not know. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      duration: { type: 'string' },
      connections: { type: 'string' },
      rate: { type: 'string' },
      scenario: { type: 'string', multiple: true },
      peer: { type: 'string', multiple: true },
      'access-log': { type: 'boolean', default: false },
      pin: { type: 'boolean', default: false },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const defaults = { ...DEFAULTS, ...(values.quick && QUICK), ...(values.short && SHORT) };
  return {
    rounds: wholeNumber('rounds', values.rounds ?? defaults.rounds, 100),
    durationSeconds: positiveNumber('duration', values.duration ?? defaults.duration, 600),
    warmUp: values.short ? SHORT_WARM_UP : WARM_UP,
    connections: wholeNumber('connections', values.connections ?? defaults.connections, MAX_CONNECTIONS),
    ratePerSecond: values.rate === undefined ? undefined : wholeNumber('rate', values.rate, MAX_RATE),
    scenarios: choose('scenario', values.scenario, SCENARIOS),
    peers: choose('peer', values.peer, ALL_PEERS, USUAL_PEERS),
    accessLog: values['access-log'],
    isPinned: values.pin,
    jsonFile: values.json,
    help: values.help,
  };
}

/** What is named of `all`; `usual` when nothing is. */
function choose<Item extends { name: string }>(
  option: string,
  words: readonly string[] | undefined,
  all: readonly Item[],
  usual: readonly Item[] = all,
): readonly Item[] {
  if (!words) return usual;
  const names = words.flatMap((word) => word.split(','));
  const unknown = names.find((name) => !all.some((item) => item.name === name));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name).join(', ');
    throw new Error(`--${option} "${unknown}" is unknown; there are: ${known}`);
  }
  return all.filter(({ name }) => names.includes(name));
}
