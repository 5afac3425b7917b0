import 'reflect-metadata';
import { globSync } from './glob-sync.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describeHandler } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { originHandlers, serverHandlers } from '../apps/gateway/src/pipeline.ts';

const PAGE = 'docs/handlers.md';

const INTRODUCTION = `# Handlers

The handlers of the reference gateway in the order of its lists, generated from their decorators, methods and comments by
\`npm run docs:handlers\`. Options are set with \`--set name.option=value\`, a handler is left out with \`--without name\`.
`;

/** The page as the code is now. */
export function handlersPage(): string {
  const sources = new Map(
    globSync('packages', /\/src\/.*\.ts$/).map((file) => [file, readFileSync(file, 'utf8')]),
  );
  const section = (title: string, list: readonly HandlerClass[]): string =>
    [`## ${title}`, ...list.map((handler) => entry(handler, sources))].join('\n\n');
  return `${[
    INTRODUCTION.trimEnd(),
    section('Connections of clients', serverHandlers),
    section('Connections to origins', originHandlers),
  ].join('\n\n')}\n`;
}

function entry(handler: HandlerClass, sources: ReadonlyMap<string, string>): string {
  const { name, className, isSharable, inbound, outbound, options, after } = describeHandler(handler);
  const [file, source] = sourceOf(className, sources);
  const rows = [
    ['Package', `\`${file.split('/')[1]}\`${isSharable ? ', one instance for all connections' : ''}`],
    ['Inbound', code(inbound)],
    ['Outbound', code(outbound)],
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

function sourceOf(
  className: string,
  sources: ReadonlyMap<string, string>,
): readonly [file: string, source: string] {
  for (const found of sources)
    if (found[1].includes(`export class ${className} `) || found[1].includes(`export class ${className}\n`))
      return found;
  throw new Error(`No source of ${className} was found.`);
}

/** The comment before the class, as one paragraph after the other. */
function commentOf(className: string, source: string): string {
  const before = source.slice(0, source.indexOf(`export class ${className}`));
  const comment = before.slice(before.lastIndexOf('/**') + 3, before.lastIndexOf('*/'));
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim()
    .replaceAll(/\{@link (?<target>[^}]+)\}/g, '`$<target>`')
    .replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
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
