import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describeHandler } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { commentOf, readSources, sourceOf } from './class-comment.ts';
import type { Sources } from './class-comment.ts';
import { originHandlers, tlsServerHandlers } from '@sluice/cli';

const PAGE = 'docs/handlers.md';

const INTRODUCTION = `# Handlers

The handlers of the reference gateway in the order of its lists, generated from their decorators, methods and comments by
\`npm run docs:handlers\`. Options are set with \`--set name.option=value\`, a handler is left out with \`--without name\`.
`;

/** The page as the code is now. */
export function handlersPage(): string {
  const sources = readSources();
  const section = (title: string, list: readonly HandlerClass[]): string =>
    [`## ${title}`, ...list.map((handler) => entry(handler, sources))].join('\n\n');
  return `${[
    INTRODUCTION.trimEnd(),
    section('Connections of clients', tlsServerHandlers),
    section('Connections to origins', originHandlers),
  ].join('\n\n')}\n`;
}

function entry(handler: HandlerClass, sources: Sources): string {
  const { name, className, isSharable, inbound, outbound, reads, fires, options, after } =
    describeHandler(handler);
  const [file, source] = sourceOf(className, sources);
  const rows = [
    ['Package', `\`${file.split('/')[1]}\`${isSharable ? ', one instance for all connections' : ''}`],
    ['Inbound', code(inbound)],
    ['Outbound', code(outbound)],
    [
      'Reads, fires',
      [reads, fires].some((types) => types.length > 0) ? `${code(reads)} → ${code(fires)}` : '–',
    ],
    ['Triggered events', code(triggered(source))],
    ['Handled events', code(handled(source))],
    ['After', code(after)],
    [
      'Options',
      Object.entries(options)
        .map(([option, value]) => `\`${option}\` = ${show(value)}`)
        .join('<br>') || '–',
    ],
  ];
  return [
    `### ${className}`,
    `\`${name}\`: ${commentOf(className, source)}`,
    ['| | |', '| --- | --- |', ...rows.map(([head, cell]) => `| ${head} | ${cell} |`)].join('\n'),
  ].join('\n\n');
}

function handled(source: string): readonly string[] {
  return unique([...source.matchAll(/(?:instanceof|=== )\s?(?<event>\w+Event|\w+_EVENT)\b/g)]);
}

function triggered(source: string): readonly string[] {
  const fired = /fireUserEventTriggered\(\s*(?:new )?(?<event>\w+Event|\w+_EVENT)\b/g;
  return unique([...source.matchAll(fired)]);
}

function unique(matches: readonly RegExpMatchArray[]): readonly string[] {
  return [...new Set(matches.flatMap(({ groups }) => groups?.['event'] ?? []))].toSorted();
}

function code(words: readonly string[]): string {
  return words.length === 0 ? '–' : words.map((word) => `\`${word}\``).join(', ');
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return `\`${JSON.stringify(value)}\``;
  return typeof value === 'object' && value !== null
    ? value.constructor.name
    : `\`${JSON.stringify(value)}\``;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(PAGE, handlersPage());
