import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AdminToken } from '@sluice/admin';
import { TOKEN } from './support.ts';

it('matches itself and nothing else', () => {
  const token = new AdminToken(TOKEN);

  expect(token.matches(TOKEN)).toBe(true);
  for (const other of ['', TOKEN.slice(1), `${TOKEN} `, TOKEN.toUpperCase()])
    expect(token.matches(other)).toBe(false);
});

it('keeps no text of it', () => {
  expect(JSON.stringify(new AdminToken(TOKEN))).not.toContain(TOKEN);
});

it.each([
  ['', 'expected at least 16 characters, found 0.'],
  ['short-secret', 'expected at least 16 characters, found 12.'],
  ['long enough but with spaces', 'expected letters, digits and any of'],
  ['long-enough-with-ümlaut', 'expected letters, digits and any of'],
  ['long-enough-with\r\nx-a: b', 'expected letters, digits and any of'],
])('is refused as %j', (text, message) => {
  expect(() => new AdminToken(text, 'SLUICE_ADMIN_TOKEN')).toThrow(`SLUICE_ADMIN_TOKEN: ${message}`);
});

it('does not repeat a wrong one', () => {
  expect(() => new AdminToken('not so secret!!!')).not.toThrow('not so');
});

it('is read from a file with nothing else in it', () => {
  expect(AdminToken.fromFile(file(`${TOKEN}\n`)).matches(TOKEN)).toBe(true);
});

it.each([
  ['\n', /token: expected at least 16 characters, found 0\.$/],
  [`${TOKEN}\n${TOKEN}\n`, /expected letters, digits/],
  ['x'.repeat(5000), /expected a token, found 5000 bytes\.$/],
])('is refused from a file with %j', (text, message) => {
  expect(() => AdminToken.fromFile(file(text))).toThrow(message);
});

it('says which file can not be read', () => {
  expect(() => AdminToken.fromFile('/nowhere/token')).toThrow(
    /^The admin token can't be read: ENOENT.*nowhere/,
  );
});

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'admin-token-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'token'), text);
  return join(folder, 'token');
}
