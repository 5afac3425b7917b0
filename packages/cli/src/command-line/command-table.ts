import type { Program } from '../program/program.ts';

/** A command with what its help says of it. */
export interface CommandSpec {
  /** What stands behind the name of the program. */
  readonly synopsis: string;
  readonly what: string;
  /** Also without the name of the program. */
  readonly examples: readonly string[];
  readonly exits: readonly string[];
}

const STARTED = '0   stopped by a first SIGTERM or SIGINT, after the requests in flight';
const KILLED = '143 or 130: a second SIGTERM or SIGINT ended it at once';
const REFUSED = '2   the arguments or the configuration are wrong, or an address is taken';

/** All commands, in the order of the usage. */
export const COMMANDS = {
  demo: {
    synopsis: '[demo] [options]',
    what: 'Runs the gateway in front of demo origins, which answer with what reached them.',
    examples: ['', 'demo --listen 127.0.0.1:8081 --access-log stdout'],
    exits: [STARTED, REFUSED, KILLED],
  },
  proxy: {
    synopsis: 'proxy --to URL [options]',
    what: 'Runs the gateway in front of your own origin, without a file.',
    examples: [
      'proxy --to http://127.0.0.1:9000',
      'proxy --to http://10.0.0.1:9000 --to http://10.0.0.2:9000 --listen 0.0.0.0:8080',
      'proxy --to http://127.0.0.1:9000 --workers auto',
      'proxy --to https://api.example.com --set idle-state.allIdleMs=75000',
    ],
    exits: [STARTED, REFUSED, KILLED],
  },
  run: {
    synopsis: 'run FILE [options]',
    what: 'Runs the gateway that a file declares.',
    examples: ['run gateway.yaml', 'run --config gateway.yaml --workers auto'],
    exits: [STARTED, REFUSED, KILLED],
  },
  check: {
    synopsis: 'check FILE',
    what: 'Says all that is wrong with a file, each with its line, and starts nothing.',
    examples: ['check gateway.yaml'],
    exits: ['0   nothing is wrong', '1   there are warnings alone', '2   there are errors'],
  },
  explain: {
    synopsis: 'explain [--config FILE] [options] [URL]',
    what: 'Prints what a file or the options come to, or the way that a request takes there. Starts nothing.',
    examples: [
      'explain --without logging',
      'explain --config gateway.yaml --json',
      'explain --mermaid > pipeline.mmd',
      'explain --config gateway.yaml http://shop.example/cart',
      "explain --config gateway.yaml -X POST -H 'x-beta: 1' http://shop.example/cart",
      "explain --to http://127.0.0.1:9000 --request 'GET http://127.0.0.1:8080/hello'",
    ],
    exits: ['0   printed, also when no route matches', '2   the arguments or the configuration are wrong'],
  },
  init: {
    synopsis: 'init [FOLDER]',
    what: 'Writes a gateway project: a handler, a filter, tests, a configuration, a Dockerfile, a systemd unit.',
    examples: ['init my-gateway', 'init'],
    exits: ['0   the project is written', "2   the folder or its name can't be used; nothing was written"],
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandName = keyof typeof COMMANDS;

/** The commands that a program has. */
export function commandsOf({ demoOrigins }: Program): readonly CommandName[] {
  const names = Object.keys(COMMANDS) as readonly CommandName[];
  return demoOrigins === undefined ? names.filter((name) => name !== 'demo') : names;
}
