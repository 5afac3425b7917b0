import type { Program } from '../program/program.ts';
import type { Command } from './command-line.ts';

const DEMO = ['', 'the gateway in front of two demo origins'] as const;
const GO_ON = `\n${' '.repeat(38)}`;
const COMMANDS = [
  ['proxy --to URL [options]', 'the gateway in front of your own origin'],
  ['run --config FILE', 'the gateway that a file declares'],
  [
    'check --config FILE',
    `says all that is wrong with a file: ends with 0 when that is${GO_ON}nothing, 1 when it is warnings alone, 2 when it is errors`,
  ],
  [
    'explain [options]',
    `the handlers as they would run, with their options;${GO_ON}with --config FILE what the file comes to`,
  ],
] as const;
const COMMAND_WIDTH = 34;

/** All options, as they stand in the usage. */
export const OPTIONS = `A file says what these options say otherwise; --drain-timeout-ms and --workers can
stand beside it.

Options:
  --to URL                   an origin server, like http://127.0.0.1:9000 or https://api.example.com;
                             repeat it for more
  --listen HOST:PORT         where to listen (default 127.0.0.1:8080)
  --admin HOST:PORT|off      where an operator may ask for /metrics, /clusters, /passports and more (default off)
  --admin-token-file FILE    the token that a change takes; without it, and without SLUICE_ADMIN_TOKEN in
                             the environment, nothing can be changed
  --admin-host NAME          a name that the admin listener may be asked by; repeat it for more
  --admin-allow-remote       lets the admin listener have an address that other machines reach
  --access-log FILE|stdout|off
                             where each request leaves a line (default off)
  --access-log-format FORMAT tab, combined, json, or a template with operators like
                             %RESPONSE_CODE% (default tab)
  --proxy-protocol CIDR      every connection must begin with a PROXY protocol header, and may
                             come from here alone; repeat it for more networks
  --tls-cert FILE            speaks TLS, with this certificate and its chain in PEM; repeat it, each
                             with its --tls-key, for more server names
  --tls-key FILE             the key of the certificate, in PEM
  --tls-client-ca FILE       asks clients for a certificate that comes from this CA
  --tls-client-auth HOW      required or optional (default required)
  --upstream-ca FILE         the CA that certificates of https:// origins come from (default: those
                             that Node.js knows)
  --set HANDLER.OPTION=VALUE an option of a handler, as explain shows them; repeat it for more
  --without HANDLER          leaves a handler out; repeat it for more
  --upstream-idle-timeout-ms MS
                             how long an origin may stay silent (default 30000)
  --workers N|auto           how many processes share the work, auto: one for each core (default 1)
  --drain-timeout-ms MS      how long requests in flight may take to end after SIGTERM (default 30000)
  --config FILE              run, check, explain: a configuration in YAML or JSON
  --json                     explain: as JSON
  --mermaid                  explain: as a chart of mermaid
  --help                     this text; behind a command, its help
`;

interface CommandHelp {
  /** What stands behind the name of the program. */
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
    synopsis: '[demo] [options]',
    what: 'Runs the gateway in front of two demo origins, which answer with what reached them.',
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
    synopsis: 'run --config FILE [--workers N|auto] [--drain-timeout-ms MS]',
    what: 'Runs the gateway that a file declares.',
    examples: ['run --config gateway.yaml'],
    exits: [STARTED, REFUSED, KILLED],
  },
  check: {
    synopsis: 'check --config FILE',
    what: 'Says all that is wrong with a file, each with its line, and starts nothing.',
    examples: ['check --config gateway.yaml'],
    exits: ['0   nothing is wrong', '1   there are warnings alone', '2   there are errors'],
  },
  explain: {
    synopsis: 'explain [options]',
    what: 'Prints the handlers as they would run, with their events and options. With --config, what the file comes to.',
    examples: [
      'explain --without logging',
      'explain --config gateway.yaml --json',
      'explain --mermaid > pipeline.mmd',
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

/** What a program can be asked for: its commands, and all their options. */
export function usageOf({ name, demoOrigins }: Program): string {
  const lines = (demoOrigins === undefined ? COMMANDS : [DEMO, ...COMMANDS]).map(
    ([command, what]) => `  ${`${name} ${command}`.trimEnd().padEnd(COMMAND_WIDTH)}  ${what}`,
  );
  return `Usage:\n${lines.join('\n')}\n\n${OPTIONS}`;
}

/** The help of a command: what it does, its options as the usage has them, examples and exit codes. */
export function helpFor(command: Command, { name }: Program): string {
  const { synopsis, what, examples, exits } = COMMAND_HELP[command];
  const options = [...OPTIONS.matchAll(OPTION)].flatMap(({ 0: text, groups }) =>
    (COMMANDS_OF[groups?.['name'] ?? ''] ?? COMMANDS_OF_OTHERS).includes(command) ? text : [],
  );
  return [
    `Usage: ${name} ${synopsis}`,
    what,
    `Options:\n${options.join('\n')}`,
    `Examples:\n${indented(examples.map((example) => `${name} ${example}`.trimEnd()))}`,
    `Exit codes:\n${indented(exits)}`,
  ].join('\n\n');
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
