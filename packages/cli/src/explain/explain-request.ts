import type { CommandLine } from '../command-line/command-line.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { AskedRequest } from './parse-request.ts';
import { requestWay } from './request-way.ts';
import { requestWayText } from './request-way-text.ts';
import { quickGateway } from '../commands/quick-mode.ts';

/** Prints the way that a request takes through the gateway of a file or of the options. */
export async function explainRequest(commandLine: CommandLine, request: AskedRequest): Promise<string> {
  const { config, to, format } = commandLine;
  if (format === 'mermaid')
    throw new UsageError('--mermaid draws handler lists, and not the way of a request.');
  if (config === undefined && to.length === 0)
    throw new UsageError(`Through which gateway? Give --config FILE, or --to URL.${fileHint(request)}`);
  // Imported where it is used: a file takes the schema and the parser.
  const gateway =
    config === undefined
      ? quickGateway(commandLine)
      : await (await import('./configured-gateway.ts')).configuredGateway(config);
  const way = requestWay(gateway, request);
  return format === 'json' ? JSON.stringify(way, undefined, 2) : requestWayText(way);
}

// The other commands take their file as it is.
function fileHint({ authority, target }: AskedRequest): string {
  const text = target === '/' ? authority : `${authority}${target}`;
  return /\.(?:ya?ml|json)$/.test(text)
    ? ` "${text}" was taken for the URL of a request; if it is the file: --config ${text}`
    : '';
}
