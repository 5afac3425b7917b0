import type { CommandLine } from '../command-line/command-line.ts';
import { explainOptions } from '../explain/explain-options.ts';
import { explainRequest } from '../explain/explain-request.ts';

/** Prints what a file or the options come to, or the way of a request there. */
export async function explain(commandLine: CommandLine): Promise<void> {
  console.log(await explanation(commandLine));
}

async function explanation(commandLine: CommandLine): Promise<string> {
  const { request, config, format } = commandLine;
  if (request !== undefined) return explainRequest(commandLine, request);
  if (config === undefined) return explainOptions(commandLine);
  // Imported where it is used: a file takes the schema and the parser.
  return (await import('../explain/explain-config.ts')).explainConfig(config, format);
}
