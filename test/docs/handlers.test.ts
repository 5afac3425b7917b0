import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { handlersPage } from '../../tools/handler-docs.ts';
import { words } from './words.ts';

it('has a page of handlers that says what the code says (npm run docs:handlers)', () => {
  expect(words(readFileSync('docs/handlers.md', 'utf8'))).toEqual(words(handlersPage()));
});
