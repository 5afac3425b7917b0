import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('shows a program that is there', () => {
  const [, block = ''] = /```ts\n([^]*?)```/.exec(readFileSync('packages/cli/README.md', 'utf8')) ?? [];

  expect(block).toContain('runProgram');
  expect(readFileSync('apps/gateway/src/main.ts', 'utf8')).toContain(block);
});
