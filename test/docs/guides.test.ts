import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { globSync } from '../../tools/glob-sync.ts';

const SOURCES = ['test/docs/examples', 'examples', 'packages'].flatMap((folder) => globSync(folder, /\.ts$/));
const guides = readdirSync('docs/guides').map((name) => join('docs/guides', name));
const pages = [
  'CHANGELOG.md',
  'docs/README.md',
  'docs/command-line.md',
  'docs/errors.md',
  'docs/operations.md',
  ...guides,
  ...readdirSync('examples').map((name) => `examples/${name}/README.md`),
];

it('lists every guide and every example in the index', () => {
  const index = readFileSync('docs/README.md', 'utf8');

  expect(guides.length).toBeGreaterThanOrEqual(7);
  for (const guide of guides) expect(index).toContain(`](${guide.replace('docs/', '')})`);
  for (const name of readdirSync('examples')) expect(index).toContain(`](../examples/${name})`);
});

it.each(guides)('%s shows code that is in a file which the compiler checks', (guide) => {
  const blocks = [...readFileSync(guide, 'utf8').matchAll(/^```ts\n(?<code>.*?)^```/gms)];
  const texts = SOURCES.map((file) => unindented(readFileSync(file, 'utf8')));

  for (const { groups } of blocks) {
    const code = unindented(groups?.['code'] ?? '');
    expect(
      texts.some((text) => text.includes(code)),
      code,
    ).toBe(true);
  }
});

it('shows code in most guides', () => {
  expect(guides.filter((guide) => readFileSync(guide, 'utf8').includes('```ts\n')).length).toBeGreaterThan(5);
});

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  it('links only to files and headings that are there', () => {
    for (const { groups } of text.matchAll(/\]\((?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)/g)) {
      const { path = '', anchor } = groups ?? {};
      if (path.startsWith('http')) continue;
      const target = path === '' ? page : join(dirname(page), path);
      expect(existsSync(target), target).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), `${target}#${anchor}`).toContain(anchor);
    }
  });
});

function anchorsOf(page: string): readonly string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (?<title>.*)$/gm)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

function unindented(text: string): string {
  return text.replaceAll(/^ +/gm, '').trim();
}
