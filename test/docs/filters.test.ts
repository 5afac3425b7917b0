import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filtersPage } from '../../tools/filter-docs.ts';
import { words } from './words.ts';

const PAGE = 'packages/builtin-filters/README.md';

it('has a page of filters that says what the code says (npm run docs:filters)', () => {
  expect(words(readFileSync(PAGE, 'utf8'))).toEqual(words(filtersPage()));
});

it('shows code that is a file which the compiler checks', () => {
  const example = readFileSync('packages/builtin-filters/test/examples/guarded-gateway.ts', 'utf8');

  expect(readFileSync(PAGE, 'utf8')).toContain(`\`\`\`ts\n${example}\`\`\``);
});
