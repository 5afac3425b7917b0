import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

export const USAGE = `Usage:
  main.js                                 the gateway in front of two demo origins
  main.js proxy --to URL [options]        the gateway in front of your own origin

Options:
  --to URL                        an origin server, like http://127.0.0.1:9000; repeat it for more
  --listen HOST:PORT              where to listen (default 127.0.0.1:8080)
  --upstream-idle-timeout-ms MS   how long an origin may stay silent (default 30000)
  --help                          this text
`;

export interface CommandLine {
  readonly command: 'demo' | 'proxy' | 'help';
  readonly to: readonly string[];
  readonly listen: string;
  readonly upstreamIdleTimeoutMs?: number;
}

/** Reads the arguments of the program. Throws a {@link UsageError}. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [command = 'demo', ...rest] = positionals;
  if (command !== 'demo' && command !== 'proxy') throw new UsageError(`There is no command "${command}".`);
  if (rest.length > 0) throw new UsageError(`Unexpected argument: ${rest.join(' ')}`);
  if (command === 'demo' && values.to.length > 0) throw new UsageError('--to belongs to the command proxy.');
  const idle = values['upstream-idle-timeout-ms'];
  return {
    command: values.help ? 'help' : command,
    to: values.to,
    listen: values.listen,
    ...(idle === undefined
      ? {}
      : { upstreamIdleTimeoutMs: milliseconds('--upstream-idle-timeout-ms', idle) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        to: { type: 'string', multiple: true, default: [] as string[] },
        listen: { type: 'string', default: '127.0.0.1:8080' },
        'access-log': { type: 'string', default: 'off' },
        'upstream-idle-timeout-ms': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function milliseconds(option: string, text: string): number {
  const ms = Number(text);
  if (Number.isInteger(ms) && ms > 0) return ms;
  throw new UsageError(`${option} takes a whole number of milliseconds above 0; got "${text}".`);
}
