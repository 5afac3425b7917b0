import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readDeclarations, resolved } from './declarations.ts';
import type { Binding, DeclarationFile } from './declarations.ts';
import { globSync } from './glob-sync.ts';

const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
/** A type of another file of the package, as the compiler writes it when no import names it. */
const FILE_IMPORT = /import\("(?<from>\.[^"]+)"\)\.(?=(?<name>\w+))/g;
const IS_VALUE = /^(?:abstract )?(?:class|const|function|let)/;

interface Manifest {
  readonly name: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

interface Declared {
  readonly name: string;
  readonly text: string;
}

/** The folder of every package that has a public API. */
export function packagesWithApi(): readonly string[] {
  return globSync('packages', /^packages\/[^/]+\/package\.json$/).map((file) =>
    file.replace('/package.json', ''),
  );
}

/**
 * What `api.md` of a package says: the declarations that its entry points give to others, in alphabetical order, and
 * those that these mention. It reads what the compiler has written to `dist`.
 */
export function apiReport(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return `${[
    `# API of \`${manifest.name}\``,
    'What others may use of this package, written by `npm run docs:api`. A change of this file is a change of the API.',
    ...(manifest.bin
      ? [
          `Commands: ${Object.keys(manifest.bin)
            .map((name) => `\`${name}\``)
            .join(', ')}`,
        ]
      : []),
    ...Object.entries(manifest.exports).map(([entry, target]) => {
      const title = `## \`${join(manifest.name, entry)}\``;
      return typeof target === 'string'
        ? `${title}\n\nA file.`
        : `${title}\n\n${entrySection(join(folder, target.types))}`;
    }),
  ].join('\n\n')}\n`;
}

function entrySection(path: string): string {
  const entry = readDeclarations(path);
  const seen = new Set<string>();
  const queue: Binding[] = [];
  const exported = [...entry.exports].map(([as, binding]) => declared(as, binding, seen, queue));
  const mentioned: Declared[] = [];
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (!seen.has(keyOf(next))) mentioned.push(declared(next.name, next, seen, queue));
  }
  const parts = [codeBlock(exported)];
  if (mentioned.length > 0) parts.push('Not exported, but mentioned by the above:', codeBlock(mentioned));
  return parts.join('\n\n');
}

/** One export as text. What it mentions of its package is put into the queue. */
function declared(as: string, binding: Binding, seen: Set<string>, queue: Binding[]): Declared {
  const origin = originOf(binding);
  if (!isFile(origin)) return { name: as, text: `export { ${origin.name} } from '${origin.from}';` };
  seen.add(keyOf(origin));
  const file = readDeclarations(origin.from);
  const texts = file.declarations.get(origin.name);
  if (!texts) throw new Error(`${origin.from} does not declare ${origin.name}.`);
  queue.push(...mentions(texts.join('\n'), file));
  const lines = texts.map((text) =>
    text.replace(/^(?:export )?(?:declare )?/, '').replaceAll(FILE_IMPORT, ''),
  );
  if (binding.isType && IS_VALUE.test(lines[0] ?? '')) lines.unshift('// for types alone');
  if (as !== origin.name) lines.push(`export { ${origin.name} as ${as} };`);
  return { name: as, text: lines.join('\n') };
}

/** Follows a name through the files that pass it on, to the one that declares it. */
function originOf(binding: Binding): Binding {
  if (!isFile(binding)) return binding;
  const file = readDeclarations(binding.from);
  if (file.declarations.has(binding.name)) return binding;
  const next = file.exports.get(binding.name) ?? file.imports.get(binding.name);
  if (!next) throw new Error(`${binding.from} does not export ${binding.name}.`);
  return originOf(next);
}

/** What a declaration names of its own package. Keys and parameters, which a colon follows, name nothing. */
function mentions(text: string, file: DeclarationFile): readonly Binding[] {
  const code = text.replaceAll(FILE_IMPORT, '').replaceAll(STRING, '');
  const names = new Set(code.match(/(?<![.\w$])[A-Za-z_$][\w$]*(?![\w$(]|\??:)/g));
  const named = [...names].flatMap(
    (name) => (file.declarations.has(name) ? { from: file.path, name } : file.imports.get(name)) ?? [],
  );
  const imported = [...text.matchAll(FILE_IMPORT)].map(({ groups }) => ({
    from: resolved(file.path, groups?.['from'] ?? ''),
    name: groups?.['name'] ?? '',
  }));
  return [...named, ...imported]
    .map((binding) => originOf(binding))
    .filter(isFile)
    .map(({ from, name }) => ({ from, name }));
}

function isFile({ from }: Binding): boolean {
  return from.endsWith('.d.ts');
}

function keyOf({ from, name }: Binding): string {
  return `${from} ${name}`;
}

function codeBlock(list: readonly Declared[]): string {
  const texts = list
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.text, b.text))
    .map(({ text }) => text);
  return ['```ts', texts.join('\n\n'), '```'].join('\n');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const folder of packagesWithApi()) writeFileSync(join(folder, 'api.md'), apiReport(folder));
