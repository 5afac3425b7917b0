import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('shows in the README the example that runs', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

  expect(read('../README.md')).toContain(read('example.test.ts'));
});
