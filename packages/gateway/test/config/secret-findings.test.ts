import { ConfigError, prettyFindings } from '@sluice/config';
import { expect, it } from 'vitest';
import { findingsOf, load } from './support.ts';

const SECRET = 's3cretvaluex';
const LISTENERS = 'listeners: [{ address: 127.0.0.1:0 }]\n';
const ORIGIN = 'origins: [{ name: web, servers: ["a:1"] }]\n';
const ROUTES = 'routes: [{ origin: web }]\n';
const FILE = '"${file:sec}"';

it.each([
  ['known-origins', `${LISTENERS}${ORIGIN}routes: [{ origin: ${FILE} }]`],
  [
    'used-origins',
    `${LISTENERS}origins: [{ name: ${FILE}, servers: ["a:1"] }]\nroutes: [{ response: { status: 404 } }]`,
  ],
  [
    'unique-names',
    `${LISTENERS}origins: [{ name: ${FILE}, servers: ["a:1"] }, { name: ${FILE}, servers: ["a:1"] }]\nroutes: [{ origin: ${FILE} }]`,
  ],
  [
    'distinct-routes',
    `${LISTENERS}${ORIGIN}routes: [{ name: ${FILE}, prefix: /a, origin: web }, { name: ${FILE}, origin: web }]`,
  ],
  [
    'distinct-routes',
    `${LISTENERS}${ORIGIN}${ROUTES}virtualHosts: [{ domains: [${FILE}], routes: [] }, { domains: [${FILE}], routes: [] }]`,
  ],
  ['tls-files', `${LISTENERS}origins: [{ name: web, servers: ["a:1"], tls: { ca: [${FILE}] } }]\n${ROUTES}`],
  ['access-log-format', `${LISTENERS}${ORIGIN}${ROUTES}accessLog: { format: "%\${file:sec}%" }`],
  ['access-log-format', `${LISTENERS}${ORIGIN}${ROUTES}accessLog: { format: "%REQ(\${file:sec}" }`],
])('shows no secret in what %s finds', async (check, text) => {
  const found = (await findingsOf(text, { sec: `${SECRET}\n` })).join('\n');

  expect(found).toContain(`[${check}]`);
  expect(found.toLowerCase()).not.toContain(SECRET);
});

it('shows no part of a format that is a secret', async () => {
  const text = `${LISTENERS}${ORIGIN}${ROUTES}accessLog: { format: ${FILE} }`;

  expect(await findingsOf(text, { sec: 'x %PART_OF_IT% y' })).toEqual([
    '4:22 accessLog.format: found a secret that is no format. [access-log-format]',
  ]);
});

it.each([
  ['a list of texts', `["ada:${SECRET}"]`, 'users[0]: found a secret, expected a map.'],
  ['one text', `"ada:${SECRET}"`, 'users: found a secret, expected a list.'],
  ['a map by names', `{ ada: ${SECRET} }`, 'users: found a map, expected a list.'],
  ['an unknown key', `[{ name: ada, hsh: ${SECRET} }]`, 'Did you mean "hash"?'],
  ['no hash', `[{ name: ada, hash: ${SECRET} }]`, 'users[0].hash: found a secret: is not of the form'],
])('shows no hash of users that are %s', async (_case, users, expected) => {
  const text = `${LISTENERS}${ORIGIN}${ROUTES}filters:\n  - name: basic-auth\n    options:\n      users: ${users}`;

  const found = await rejectionOf(text);

  expect(found).toContain(expected);
  expect(found).not.toContain(SECRET);
});

it('shows the name of a user that is none', async () => {
  const text = `${LISTENERS}${ORIGIN}${ROUTES}filters:\n  - name: basic-auth\n    options:\n      users:\n        - name: "a:b"\n          hash: ${SECRET}`;

  const found = await rejectionOf(text);

  expect(found).toContain('users[0].name: found "a:b"');
  expect(found).not.toContain(SECRET);
});

/** With the lines of the file, as an operator sees it. */
async function rejectionOf(text: string): Promise<string> {
  const refusal = await load(text).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(refusal instanceof ConfigError)) throw new Error('It was taken.');
  return prettyFindings(refusal.findings, { colors: false });
}
