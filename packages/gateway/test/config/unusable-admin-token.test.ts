import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findingsOf, folderWith } from './support.ts';

// What `check` called good ended `run` with 2.
it.each([
  ['short-secret\n', 'expected at least 16 characters, found 12.'],
  ['long enough, with spaces', 'expected letters, digits and any of - . _ ~ + /, found something else.'],
  ['x'.repeat(5000), 'expected a token, found 5000 bytes.'],
])('refuses a token file with %j', async (token, message) => {
  const file = join(folderWith({ token }), 'token');

  expect(await findingsOf(gatewayWith(file))).toEqual([
    `2:45 admin.tokenFile: ${file}: ${message} [admin-rules]`,
  ]);
});

it('takes a token file that can be used', async () => {
  expect(await findingsOf(gatewayWith(join(folderWith({ token: `${'x'.repeat(16)}\n` }), 'token')))).toEqual(
    [],
  );
});

function gatewayWith(tokenFile: string): string {
  return `listeners: [{ address: 127.0.0.1:0 }]\nadmin: { address: '127.0.0.1:0', tokenFile: ${tokenFile} }`;
}
