import { nearest } from '@sluice/core';
// Not from the index: one process alone needs nothing of what workers do.
import { defaultWorkerCount } from '@sluice/workers/worker-count';
import { parseAdmin } from '../admin/parse-admin.ts';
import { parseRequest } from '../explain/parse-request.ts';
import type { AskedRequest } from '../explain/parse-request.ts';
import { SLUICE } from '../program/program.ts';
import type { Program } from '../program/program.ts';
import type { GatewaySettings } from '../reference/gateway-settings.ts';
import { parseTls } from '../tls/parse-tls.ts';
import { parseListenAddress } from './addresses.ts';
import { commandsOf } from './command-table.ts';
import type { CommandName } from './command-table.ts';
import { optionSpec } from './option-table.ts';
import type { OptionName } from './option-table.ts';
import { parseArguments } from './parse-arguments.ts';
import type { Arguments } from './parse-arguments.ts';
import { parseProxyProtocol } from './proxy-protocol.ts';
import { UsageError } from './usage-error.ts';
import { parseWorkerAccept } from './worker-accept.ts';
import type { WorkerAccept } from './worker-accept.ts';

const MAX_WORKERS = 256;

/** How explain prints. */
export type ExplainFormat = 'text' | 'json' | 'mermaid';

/** What can be said beside --config: all that is of the gateway stands in the file. */
const BESIDE_CONFIG: ReadonlySet<OptionName> = new Set([
  'config',
  'drain-timeout-ms',
  'hung-timeout-ms',
  'workers',
  'worker-accept',
  'request',
  'header',
  'json',
  'mermaid',
]);

/** What the arguments of a program say. */
export interface CommandLine extends GatewaySettings {
  readonly command: CommandName;
  /** What is to be printed in place of doing it: the help of the command, that of the program, or its version. */
  readonly print: 'help' | 'usage' | 'version' | undefined;
  readonly to: readonly string[];
  /** Absent: the authorities that Node.js knows. */
  readonly upstreamCa: string | undefined;
  readonly upstreamIdleTimeoutMs: number | undefined;
  /** 0 for ever; absent: the default of the supervisor. */
  readonly hungTimeoutMs: number | undefined;
  /** Processes that share the work; 1: this one alone. */
  readonly workers: number;
  /** Absent: in turn, or as NODE_CLUSTER_SCHED_POLICY says. */
  readonly workerAccept: WorkerAccept | undefined;
  readonly format: ExplainFormat;
  /** The configuration file; always there for `run` and `check`. */
  readonly config: string | undefined;
  /** The request whose way is asked for. */
  readonly request: AskedRequest | undefined;
  /** Where `init` writes to. */
  readonly folder: string;
}

/** Reads the arguments of a program. Throws a {@link UsageError}. */
export function parseCommandLine(args: readonly string[], program: Program = SLUICE): CommandLine {
  const parsed = parseArguments(args);
  const { values } = parsed;
  const { command, print, rest } = commandOf(parsed, program);
  const isFileBehind = WITH_FILE.has(command) && values.config === undefined;
  const config = isFileBehind ? rest[0] : values.config;
  if (print === undefined) checkOptions(command, config, parsed);
  const [argument, ...surplus] = rest;
  const isUnexpected = argument !== undefined && !isFileBehind && command !== 'init' && command !== 'explain';
  if (isUnexpected || surplus.length > 0) throw unexpected(command, rest);
  return {
    command,
    print,
    to: values.to ?? [],
    listen: parseListenAddress('--listen', values.listen),
    admin: parseAdmin({
      address: values.admin,
      tokenFile: values['admin-token-file'],
      hosts: values['admin-host'] ?? [],
      allowRemote: values['admin-allow-remote'],
    }),
    accessLog: values['access-log'],
    accessLogFormat: values['access-log-format'],
    proxyProtocolFrom: parseProxyProtocol(values['proxy-protocol'] ?? []),
    tls: parseTls({
      certFiles: values['tls-cert'] ?? [],
      keyFiles: values['tls-key'] ?? [],
      clientCa: values['tls-client-ca'],
      clientAuth: values['tls-client-auth'],
    }),
    upstreamCa: values['upstream-ca'],
    without: values.without ?? [],
    set: values.set ?? [],
    upstreamIdleTimeoutMs: milliseconds('--upstream-idle-timeout-ms', values['upstream-idle-timeout-ms']),
    drainTimeoutMs: milliseconds('--drain-timeout-ms', values['drain-timeout-ms']),
    hungTimeoutMs: milliseconds('--hung-timeout-ms', values['hung-timeout-ms'], 0),
    workers: workerCount(values.workers),
    workerAccept: parseWorkerAccept(values['worker-accept']),
    format: formatOf(values),
    config,
    request:
      command === 'explain'
        ? parseRequest({ url: argument, request: values.request, headers: values.header ?? [] })
        : undefined,
    folder: argument ?? '.',
  };
}

interface NamedCommand extends Pick<CommandLine, 'command' | 'print'> {
  /** The arguments behind it. */
  readonly rest: readonly string[];
}

function commandOf({ values, positionals }: Arguments, program: Program): NamedCommand {
  const isHelp = values.help || positionals[0] === 'help';
  const [name, ...rest] = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  if (values.version || positionals[0] === 'version') return { command: 'proxy', print: 'version', rest: [] };
  if (name === undefined && isHelp) return { command: 'proxy', print: 'usage', rest };
  const command = knownCommand(name, program);
  return { command, print: isHelp ? 'help' : undefined, rest: isHelp ? [] : rest };
}

function knownCommand(name: string | undefined, program: Program): CommandName {
  const commands = commandsOf(program);
  if (name === undefined && program.demoOrigins !== undefined) return 'demo';
  if (name === undefined) throw new UsageError(`Which command? There are ${commands.join(', ')}.`);
  const command = commands.find((candidate) => candidate === name);
  if (command !== undefined) return command;
  throw new UsageError(`There is no command "${name}".${nearest(name, commands)}`);
}

/** Whether each option belongs to the command and stands beside the others. */
function checkOptions(command: CommandName, config: string | undefined, { given }: Arguments): void {
  if (config === undefined && WITH_FILE.has(command))
    throw new UsageError(`${command} needs a file: ${command} gateway.yaml`);
  const foreign = given.find((name) => !optionSpec(name).commands.includes(command));
  const other = config === undefined ? undefined : given.find((name) => !BESIDE_CONFIG.has(name));
  if (other !== undefined && COMMANDS_WITH_CONFIG.has(command))
    throw new UsageError(`--${other} can't stand beside --config; write it into the file.`);
  if (foreign === undefined) return;
  const { commands } = optionSpec(foreign);
  throw new UsageError(`--${foreign} is no option of ${command}, but of ${commands.join(', ')}.`);
}

function unexpected(command: CommandName, rest: readonly string[]): UsageError {
  const [argument = ''] = rest;
  const isOrigin = command === 'proxy' && /^https?:/.test(argument);
  return new UsageError(
    `Unexpected argument: ${rest.join(' ')}${isOrigin ? `. Is it --to ${argument}?` : ''}`,
  );
}

/** What does nothing without one; it may stand behind the command, or behind --config. */
const WITH_FILE: ReadonlySet<CommandName> = new Set(['run', 'check']);
const COMMANDS_WITH_CONFIG: ReadonlySet<CommandName> = new Set(optionSpec('config').commands);

function formatOf({ json, mermaid }: { readonly json: boolean; readonly mermaid: boolean }): ExplainFormat {
  if (json && mermaid) throw new UsageError('--json and --mermaid exclude each other.');
  if (json) return 'json';
  return mermaid ? 'mermaid' : 'text';
}

function workerCount(text: string): number {
  if (text === 'auto') return defaultWorkerCount();
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= MAX_WORKERS) return workers;
  throw new UsageError(`--workers takes auto or a whole number from 1 to ${MAX_WORKERS}; got "${text}".`);
}

function milliseconds(option: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined;
  const ms = Number(text);
  if (Number.isInteger(ms) && ms >= least) return ms;
  throw new UsageError(`${option} takes a whole number of milliseconds from ${least} on; got "${text}".`);
}
