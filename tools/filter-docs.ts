import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { filterOptions } from '@sluice/filters';
import type { FilterClass } from '@sluice/filters';
import { z } from 'zod';
import { BUILTIN_FILTERS } from '../packages/builtin-filters/src/index.ts';
import type { BuiltinFilter } from '../packages/builtin-filters/src/index.ts';
import { commentOf, readSources, sourceOf } from './class-comment.ts';
import type { Sources } from './class-comment.ts';

const PAGE = 'packages/builtin-filters/README.md';
const MARKER = '<!-- From here on: npm run docs:filters -->\n';

/** The page with its generated part as the code is now. */
export function filtersPage(): string {
  const page = readFileSync(PAGE, 'utf8');
  const start = page.indexOf(MARKER);
  if (start < 0) throw new Error(`${PAGE} has no line ${MARKER}`);
  const sources = readSources();
  const sections = BUILTIN_FILTERS.map((entry) => section(entry, sources));
  return `${page.slice(0, start)}${MARKER}\n${sections.join('\n\n')}\n`;
}

function section({ name, filters, options, schema }: BuiltinFilter, sources: Sources): string {
  return [
    `## ${name}`,
    ...filters.map((filter) => described(filter, sources)),
    [
      `| Option of \`${options.name}\` | Default | |`,
      '| --- | --- | --- |',
      ...rows(z.toJSONSchema(schema, { io: 'input' }), ''),
    ].join('\n'),
  ].join('\n\n');
}

function described(filter: FilterClass, sources: Sources): string {
  const [, source] = sourceOf(filter.name, sources);
  return `**\`${filter.name}\`** (${filterOptions(filter).type}): ${commentOf(filter.name, source)}`;
}

/** A row for each option; those of an object that is one have a row of their own. */
function rows({ properties = {} }: z.core.JSONSchema.BaseSchema, prefix: string): readonly string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return [];
    const path = `${prefix}${name}`;
    if (property.properties !== undefined) return rows(property, `${path}.`);
    return [`| \`${path}\` | ${defaultOf(property)} | ${property.description ?? ''} |`];
  });
}

function defaultOf({ default: value }: z.core.JSONSchema.BaseSchema): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => code(item)).join(' ');
  return typeof value === 'object' ? 'none' : code(value);
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(PAGE, filtersPage());
