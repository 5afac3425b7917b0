import { readFileSync } from 'node:fs';
import { serverHandlers } from '@sluice/cli';
import { fakeOrigin, testGateway } from '@sluice/testing';
import { expect, it, onTestFinished } from 'vitest';

it('shows a program that is there', () => {
  const [, block = ''] = /```ts\n([^]*?)```/.exec(readFileSync('packages/cli/README.md', 'utf8')) ?? [];

  expect(block).toContain('runProgram');
  expect(readFileSync('apps/gateway/src/run-gateway.ts', 'utf8')).toContain(block);
});

it('has handlers that need no binding in a gateway of another program', async () => {
  const gateway = await testGateway({
    handlers: serverHandlers,
    origins: { api: fakeOrigin({ body: 'hello' }) },
  });
  onTestFinished(() => gateway.stop());

  expect((await gateway.request()).text).toBe('hello');
});
