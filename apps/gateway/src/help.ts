import { USAGE } from './command-line.ts';
import type { Command } from './command-line.ts';

interface CommandHelp {
  readonly synopsis: string;
  readonly what: string;
  readonly examples: readonly string[];
  readonly exits: readonly string[];
}

const STARTED = '0   stopped by a first SIGTERM or SIGINT, after the requests in flight';
const KILLED = '143 or 130: a second SIGTERM or SIGINT ended it at once';
const REFUSED = '2   the arguments or the configuration are wrong, or an address is taken';

const COMMAND_HELP: Readonly<Record<Command, CommandHelp>> = {
  demo: {
    synopsis: 'main.js [demo] [options]',
    what: 'Runs the gateway in front of two demo origins, which answer with what reached them.',
    examples: ['main.js', 'main.js demo --listen 127.0.0.1:8081 --access-log stdout'],
    exits: [STARTED, REFUSED, KILLED],
  },
  proxy: {
    synopsis: 'main.js proxy --to URL [options]',
    what: 'Runs the gateway in front of your own origin, without a file.',
    examples: [
      'main.js proxy --to http://127.0.0.1:9000',
      'main.js proxy --to http://10.0.0.1:9000 --to http://10.0.0.2:9000 --listen 0.0.0.0:8080',
      'main.js proxy --to http://127.0.0.1:9000 --workers auto',
      'main.js proxy --to https://api.example.com --set idle-state.allIdleMs=75000',
    ],
    exits: [STARTED, REFUSED, KILLED],
  },
  run: {
    synopsis: 'main.js run --config FILE [--workers N|auto] [--drain-timeout-ms MS]',
    what: 'Runs the gateway that a file declares.',
    examples: ['main.js run --config gateway.yaml'],
    exits: [STARTED, REFUSED, KILLED],
  },
  check: {
    synopsis: 'main.js check --config FILE',
    what: 'Says all that is wrong with a file, each with its line, and starts nothing.',
    examples: ['main.js check --config gateway.yaml'],
    exits: ['0   nothing is wrong', '1   there are warnings alone', '2   there are errors'],
  },
  explain: {
    synopsis: 'main.js explain [options]',
    what: 'Prints the handlers as they would run, with their events and options. With --config, what the file comes to.',
    examples: [
      'main.js explain --without logging',
      'main.js explain --config gateway.yaml --json',
      'main.js explain --mermaid > pipeline.mmd',
    ],
    exits: ['0   printed', REFUSED],
  },
};

/** The options that are not of every command which makes a gateway from its arguments. */
const COMMANDS_OF: Readonly<Record<string, readonly Command[]>> = {
  to: ['proxy'],
  'upstream-ca': ['proxy'],
  'upstream-idle-timeout-ms': ['proxy'],
  'drain-timeout-ms': ['demo', 'proxy', 'run'],
  workers: ['demo', 'proxy', 'run', 'explain'],
  config: ['run', 'check', 'explain'],
  json: ['explain'],
  mermaid: ['explain'],
  help: ['demo', 'proxy', 'run', 'check', 'explain'],
};
const COMMANDS_OF_OTHERS: readonly Command[] = ['demo', 'proxy', 'explain'];

// An option with the lines that go on with it.
const OPTION = /^ {2}--(?<name>[\w-]+).*(?:\n {3,}.*)*/gm;

/** The help of a command: what it does, its options as the usage has them, examples and exit codes. */
export function helpFor(command: Command): string {
  const { synopsis, what, examples, exits } = COMMAND_HELP[command];
  const options = [...USAGE.matchAll(OPTION)].flatMap(({ 0: text, groups }) =>
    (COMMANDS_OF[groups?.['name'] ?? ''] ?? COMMANDS_OF_OTHERS).includes(command) ? text : [],
  );
  return [
    `Usage: ${synopsis}`,
    what,
    `Options:\n${options.join('\n')}`,
    `Examples:\n${indented(examples)}`,
    `Exit codes:\n${indented(exits)}`,
  ].join('\n\n');
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
