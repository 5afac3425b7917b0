import type { CommandName } from './command-table.ts';

/** An option as Node's parser takes it, and what the help says of it. */
interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  readonly default?: string | boolean;
  /** What stands for its value in the help. */
  readonly value?: string;
  /** Without its default, which the help adds. */
  readonly help: string;
  readonly commands: readonly CommandName[];
}

const GATEWAYS: readonly CommandName[] = ['demo', 'proxy', 'explain'];
const QUICK_MODE: readonly CommandName[] = ['proxy', 'explain'];
const STARTED: readonly CommandName[] = ['demo', 'proxy', 'run'];

/** All options in the order of the help: the one place that knows what there is, and which command takes it. */
export const OPTIONS = {
  config: {
    type: 'string',
    value: 'FILE',
    help: 'the configuration, in YAML or JSON; run and check take it without the option too',
    commands: ['run', 'check', 'explain'],
  },
  to: {
    type: 'string',
    multiple: true,
    value: 'URL',
    help: 'an origin server, like http://127.0.0.1:9000 or https://api.example.com; repeat it for more',
    commands: QUICK_MODE,
  },
  listen: {
    type: 'string',
    default: '127.0.0.1:8080',
    value: 'HOST:PORT',
    help: 'where to listen',
    commands: GATEWAYS,
  },
  admin: {
    type: 'string',
    default: 'off',
    value: 'HOST:PORT|off',
    help: 'where an operator may ask for /metrics, /clusters, /passports and more',
    commands: GATEWAYS,
  },
  'admin-token-file': {
    type: 'string',
    value: 'FILE',
    help: 'the token that a change takes; without it, and without SLUICE_ADMIN_TOKEN in the environment, nothing can be changed',
    commands: GATEWAYS,
  },
  'admin-host': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'a name that the admin listener may be asked by; repeat it for more',
    commands: GATEWAYS,
  },
  'admin-allow-remote': {
    type: 'boolean',
    default: false,
    help: 'lets the admin listener have an address that other machines reach',
    commands: GATEWAYS,
  },
  'access-log': {
    type: 'string',
    default: 'off',
    value: 'FILE|stdout|off',
    help: 'where each request leaves a line',
    commands: GATEWAYS,
  },
  'access-log-format': {
    type: 'string',
    default: 'tab',
    value: 'FORMAT',
    help: 'tab, combined, json, or a template with operators like %RESPONSE_CODE%',
    commands: GATEWAYS,
  },
  'proxy-protocol': {
    type: 'string',
    multiple: true,
    value: 'CIDR',
    help: 'every connection must begin with a PROXY protocol header, and may come from here alone; repeat it for more networks',
    commands: GATEWAYS,
  },
  'tls-cert': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'speaks TLS, with this certificate and its chain in PEM; repeat it, each with its --tls-key, for more server names',
    commands: GATEWAYS,
  },
  'tls-key': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'the key of the certificate, in PEM',
    commands: GATEWAYS,
  },
  'tls-client-ca': {
    type: 'string',
    value: 'FILE',
    help: 'asks clients for a certificate that comes from this CA',
    commands: GATEWAYS,
  },
  'tls-client-auth': {
    type: 'string',
    value: 'HOW',
    help: 'required or optional (default required)',
    commands: GATEWAYS,
  },
  'upstream-ca': {
    type: 'string',
    value: 'FILE',
    help: 'the CA that certificates of https:// origins come from (default: those that Node.js knows)',
    commands: QUICK_MODE,
  },
  'upstream-idle-timeout-ms': {
    type: 'string',
    value: 'MS',
    help: 'how long an origin may stay silent (default 30000)',
    commands: QUICK_MODE,
  },
  set: {
    type: 'string',
    multiple: true,
    value: 'HANDLER.OPTION=VALUE',
    help: 'an option of a handler, as explain shows them; repeat it for more',
    commands: GATEWAYS,
  },
  without: {
    type: 'string',
    multiple: true,
    value: 'HANDLER',
    help: 'leaves a handler out; repeat it for more',
    commands: GATEWAYS,
  },
  workers: {
    type: 'string',
    default: '1',
    value: 'N|auto',
    help: 'how many processes share the work; auto: one for each core',
    commands: [...STARTED, 'explain'],
  },
  'worker-accept': {
    type: 'string',
    value: 'HOW',
    help: 'how connections get to several workers: round-robin (default), shared, reuse-port',
    commands: STARTED,
  },
  'drain-timeout-ms': {
    type: 'string',
    value: 'MS',
    help: 'how long requests in flight may take to end, after SIGTERM and on a listener that a reload removes (default 30000)',
    commands: STARTED,
  },
  'hung-timeout-ms': {
    type: 'string',
    value: 'MS',
    help: 'of several workers, kills and replaces one whose event loop stands still for so long; 0 lets it (default 5000)',
    commands: STARTED,
  },
  request: {
    type: 'string',
    short: 'X',
    value: 'METHOD|"METHOD URL"',
    help: 'the way of a request; the URL may stand behind the options too, as for curl',
    commands: ['explain'],
  },
  header: {
    type: 'string',
    multiple: true,
    short: 'H',
    value: '"NAME: VALUE"',
    help: 'a field of the request; repeat it for more',
    commands: ['explain'],
  },
  json: { type: 'boolean', default: false, help: 'prints JSON', commands: ['explain'] },
  mermaid: { type: 'boolean', default: false, help: 'prints a chart of mermaid', commands: ['explain'] },
  help: {
    type: 'boolean',
    default: false,
    short: 'h',
    help: 'prints this text',
    commands: [...STARTED, 'check', 'explain', 'init'],
  },
  version: { type: 'boolean', short: 'v', default: false, help: 'prints the version', commands: [] },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof OPTIONS;

const NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** An option as the help shows it. */
export function optionSpec(name: OptionName): OptionSpec {
  return OPTIONS[name];
}

/** The options of a command, in the order of the help. */
export function optionsOf(command: CommandName): readonly OptionName[] {
  return NAMES.filter((name) => optionSpec(name).commands.includes(command));
}

/** The option of this name, as it stands behind the dashes; undefined when there is none. */
export function optionOf(name: string): OptionName | undefined {
  return NAMES.find((option) => option === name);
}
