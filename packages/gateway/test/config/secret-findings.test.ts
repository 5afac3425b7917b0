import { expect, it } from 'vitest';
import { findingsOf } from './support.ts';

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
