import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

it('shows code in the README that is a file which the compiler checks', () => {
  const blocks = [...readme.matchAll(/```ts\n(?<code>.*?)```/gs)].map(({ groups }) => groups?.['code'] ?? '');
  const example = readFileSync('test/docs/examples/readme.ts', 'utf8');

  expect(blocks).toHaveLength(1);
  for (const block of blocks) expect(example).toContain(block);
});

it('keeps the README short', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(90);
});

it('links only to files that are there', () => {
  const links = [...readme.matchAll(/\]\((?<path>[^)#]+)\)/g)].map(({ groups }) => groups?.['path'] ?? '');

  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(() => readFileSync(link), link).not.toThrow('ENOENT');
});
