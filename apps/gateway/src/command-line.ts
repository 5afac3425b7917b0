import { nearest } from '@sluice/core';
import { defaultWorkerCount } from '@sluice/workers';
import { parseArgs } from 'node:util';
import { parseListenAddress } from './addresses.ts';
import { parseAdmin } from './admin/parse-admin.ts';
import type { GatewaySettings } from './reference-gateway.ts';
import { parseTls } from './tls/parse-tls.ts';
import { UsageError } from './usage-error.ts';

export const USAGE = `Usage:
  main.js                           the gateway in front of two demo origins
  main.js proxy --to URL [options]  the gateway in front of your own origin
  main.js run --config FILE         the gateway that a file declares
  main.js check --config FILE       says all that is wrong with a file: ends with 0 when that is
                                    nothing, 1 when it is warnings alone, 2 when it is errors
  main.js explain [options]         the handlers as they would run, with their options;
                                    with --config FILE what the file comes to

A file says what these options say otherwise; --drain-timeout-ms and --workers can
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

const MAX_WORKERS = 256;

const COMMANDS = ['demo', 'proxy', 'run', 'check', 'explain'] as const;

export type Command = (typeof COMMANDS)[number];

/** How explain prints. */
export type ExplainFormat = 'text' | 'json' | 'mermaid';

/** What can be said beside --config: all that is of the gateway stands in the file. */
const BESIDE_CONFIG = new Set(['config', 'drain-timeout-ms', 'workers', 'json', 'mermaid', 'help']);

export interface CommandLine extends GatewaySettings {
  readonly command: Command;
  /** Its help is asked for, or with `usage` that of the program: no command was named. */
  readonly help: 'command' | 'usage' | undefined;
  readonly to: readonly string[];
  /** Absent: the authorities that Node.js knows. */
  readonly upstreamCa: string | undefined;
  readonly upstreamIdleTimeoutMs: number | undefined;
  readonly drainTimeoutMs: number | undefined;
  /** Processes that share the work; 1: this one alone. */
  readonly workers: number;
  readonly format: ExplainFormat;
  /** The configuration file; always there for `run` and `check`. */
  readonly config: string | undefined;
}

/** Reads the arguments of the program. Throws a {@link UsageError}. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals, tokens } = parse(args);
  const [name = 'demo', ...rest] = positionals;
  const command = COMMANDS.find((candidate) => candidate === name);
  if (command === undefined) throw new UsageError(`There is no command "${name}".${nearest(name, COMMANDS)}`);
  if (rest.length > 0) throw new UsageError(`Unexpected argument: ${rest.join(' ')}`);
  if (!values.help)
    checkConfig(
      command,
      values.config,
      tokens.flatMap((token) => (token.kind === 'option' ? token.name : [])),
    );
  if (command !== 'proxy' && values.to.length > 0) throw new UsageError('--to belongs to the command proxy.');
  return {
    command,
    help: helpOf(values.help, positionals.length > 0),
    to: values.to,
    listen: parseListenAddress('--listen', values.listen),
    admin: parseAdmin({
      address: values.admin,
      tokenFile: values['admin-token-file'],
      hosts: values['admin-host'],
      allowRemote: values['admin-allow-remote'],
    }),
    accessLog: values['access-log'],
    accessLogFormat: values['access-log-format'],
    proxyProtocolFrom: values['proxy-protocol'],
    tls: parseTls({
      certFiles: values['tls-cert'],
      keyFiles: values['tls-key'],
      clientCa: values['tls-client-ca'],
      clientAuth: values['tls-client-auth'],
    }),
    upstreamCa: values['upstream-ca'],
    without: values.without,
    set: values.set,
    upstreamIdleTimeoutMs: milliseconds('--upstream-idle-timeout-ms', values['upstream-idle-timeout-ms']),
    drainTimeoutMs: milliseconds('--drain-timeout-ms', values['drain-timeout-ms']),
    workers: workerCount(values.workers),
    format: formatOf(values),
    config: values.config,
  };
}

function checkConfig(command: Command, config: string | undefined, given: readonly string[]): void {
  const isNeeded = command === 'run' || command === 'check';
  if (config === undefined && isNeeded)
    throw new UsageError(`${command} needs a file: --config gateway.yaml`);
  if (config === undefined) return;
  if (!isNeeded && command !== 'explain')
    throw new UsageError('--config belongs to the commands run, check and explain.');
  const other = given.find((name) => !BESIDE_CONFIG.has(name));
  if (other !== undefined)
    throw new UsageError(`--${other} can't stand beside --config; write it into the file.`);
}

function helpOf(isAsked: boolean, isNamed: boolean): CommandLine['help'] {
  if (!isAsked) return undefined;
  return isNamed ? 'command' : 'usage';
}

function formatOf({ json, mermaid }: { readonly json: boolean; readonly mermaid: boolean }): ExplainFormat {
  if (json && mermaid) throw new UsageError('--json and --mermaid exclude each other.');
  if (json) return 'json';
  return mermaid ? 'mermaid' : 'text';
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        to: { type: 'string', multiple: true, default: [] as string[] },
        listen: { type: 'string', default: '127.0.0.1:8080' },
        admin: { type: 'string', default: 'off' },
        'admin-token-file': { type: 'string' },
        'admin-host': { type: 'string', multiple: true, default: [] as string[] },
        'admin-allow-remote': { type: 'boolean', default: false },
        'access-log': { type: 'string', default: 'off' },
        'access-log-format': { type: 'string', default: 'tab' },
        'proxy-protocol': { type: 'string', multiple: true, default: [] as string[] },
        'tls-cert': { type: 'string', multiple: true, default: [] as string[] },
        'tls-key': { type: 'string', multiple: true, default: [] as string[] },
        'tls-client-ca': { type: 'string' },
        'tls-client-auth': { type: 'string' },
        'upstream-ca': { type: 'string' },
        set: { type: 'string', multiple: true, default: [] as string[] },
        without: { type: 'string', multiple: true, default: [] as string[] },
        'upstream-idle-timeout-ms': { type: 'string' },
        'drain-timeout-ms': { type: 'string' },
        workers: { type: 'string', default: '1' },
        config: { type: 'string' },
        json: { type: 'boolean', default: false },
        mermaid: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function workerCount(text: string): number {
  if (text === 'auto') return defaultWorkerCount();
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= MAX_WORKERS) return workers;
  throw new UsageError(`--workers takes auto or a whole number from 1 to ${MAX_WORKERS}; got "${text}".`);
}

function milliseconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Number(text);
  if (Number.isInteger(ms) && ms > 0) return ms;
  throw new UsageError(`${option} takes a whole number of milliseconds above 0; got "${text}".`);
}
