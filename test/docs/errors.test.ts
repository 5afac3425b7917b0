import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { globSync } from '../../tools/glob-sync.ts';

const SOURCES = ['client', 'configuration', 'gateway', 'origin'];
// A code in quotes; the name of an environment variable is none.
const CODE = /(?<!env\[)'(?<code>SLUICE_[A-Z0-9_]*[A-Z0-9])'/g;
const SECTION = /^### (?<code>SLUICE_\w+)\n\n(?<text>.*?)(?=^##|$(?![^]))/gms;

const page = readFileSync('docs/errors.md', 'utf8');
const sections = [...page.matchAll(SECTION)].map(({ groups = {} }) => ({
  code: groups['code'] ?? '',
  text: groups['text'] ?? '',
}));

it('has a section for each error code, and none for a code that is gone', () => {
  const codes = codesOfSources();

  expect(codes.length).toBeGreaterThan(40);
  expect(sections.map(({ code }) => code).toSorted()).toEqual(codes);
});

it('says of each error where it comes from, why, and what to do', () => {
  for (const { code, text } of sections) {
    const [what = '', source, why, next] = text.trim().split(/\n\n|\n(?=- )/);

    expect(what, code).toMatch(/^[A-Z`].*\.$/s);
    expect(SOURCES, code).toContain(/^- \*\*Source\*\*: (.*)$/.exec(source ?? '')?.[1]);
    expect(why, code).toMatch(/^- \*\*Why\*\*: .*\.$/s);
    expect(next, code).toMatch(/^- \*\*What to do\*\*: .*[.)]$/s);
  }
});

it('lists each section in the table above it, with the source that it names', () => {
  const rows = [...page.matchAll(/^\| \[(?<code>\w+)\]\(#(?<anchor>\w+)\) +\| (?<source>\w+) +\|/gm)];

  expect(rows.map(({ groups }) => groups?.['code'])).toEqual(sections.map(({ code }) => code));
  for (const [at, { groups }] of rows.entries()) {
    expect(groups?.['anchor']).toBe(groups?.['code']?.toLowerCase());
    expect(sections[at]?.text).toContain(`- **Source**: ${groups?.['source']}\n`);
  }
});

function codesOfSources(): readonly string[] {
  const codes = new Set<string>();
  const files = ['packages', 'apps'].flatMap((folder) => globSync(folder, /\/src\/.*\.ts$/));
  for (const file of files) {
    for (const { groups } of readFileSync(file, 'utf8').matchAll(CODE)) codes.add(groups?.['code'] ?? '');
  }
  return [...codes].toSorted();
}
