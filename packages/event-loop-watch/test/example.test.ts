import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { watchEventLoop } from './example.ts';

it('is in the README as it is here', () => {
  const readme = readFileSync('packages/event-loop-watch/README.md', 'utf8');

  expect(readme).toContain(readFileSync('packages/event-loop-watch/test/example.ts', 'utf8'));
});

it('begins and ends', () => {
  expect(() => watchEventLoop().close()).not.toThrow();
});
