import { nearest } from '@sluice/core';
import { defaultWorkerCount } from '@sluice/workers';
import { parseArgs } from 'node:util';
import { parseListenAddress } from './addresses.ts';
import { parseAdmin } from '../admin/parse-admin.ts';
import { SLUICE } from '../program/program.ts';
import type { Program } from '../program/program.ts';
import type { GatewaySettings } from '../reference/gateway-settings.ts';
import { parseTls } from '../tls/parse-tls.ts';
import { UsageError } from './usage-error.ts';

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

/** Reads the arguments of a program. Throws a {@link UsageError}. */
export function parseCommandLine(args: readonly string[], program: Program = SLUICE): CommandLine {
  const { values, positionals, tokens } = parse(args);
  const [name, ...rest] = positionals;
  const command = commandOf(name, values.help, program);
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

function commandOf(name: string | undefined, isHelp: boolean, { demoOrigins }: Program): Command {
  const commands = demoOrigins === undefined ? COMMANDS.filter((command) => command !== 'demo') : COMMANDS;
  if (name === undefined) {
    if (demoOrigins !== undefined || isHelp) return 'demo';
    throw new UsageError(`Which command? There are ${commands.join(', ')}.`);
  }
  const command = commands.find((candidate) => candidate === name);
  if (command !== undefined) return command;
  throw new UsageError(`There is no command "${name}".${nearest(name, commands)}`);
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
