import 'reflect-metadata';
import { BUILTIN_FILTERS, hashPassword } from '@sluice/builtin-filters';
import { Gateway } from '@sluice/gateway';
import { declarationFromConfig } from '@sluice/gateway/config';
import { expect, it } from 'vitest';
import { load } from './support.ts';

// In a file, `$$` is a dollar sign.
const HASH = JSON.stringify(await hashPassword('secret')).replaceAll('$', '$$$$');

const OPTIONS: Readonly<Record<string, string>> = {
  'request-id': '{ responseField: false }',
  'ip-access': '{ deny: [10.0.0.0/8] }',
  'health-check': '{ path: /alive }',
  redirect: '{ rules: [{ match: { pathPrefix: /a }, to: { pathPrefix: /b } }] }',
  cors: "{ allowedOrigins: ['https://a.example'] }",
  'basic-auth': `{ users: [{ name: a, hash: ${HASH} }] }`,
  'rate-limit': '{ maxTokens: 5 }',
  'request-size-limit': '{ maxBodyBytes: 5 }',
  fault: '{ abortPercentage: 5 }',
  'header-mutation': '{ request: { set: { x-a: b } } }',
  mirror: '{ origin: web }',
  compression: '{ codings: [gzip] }',
};

const GATEWAY =
  "listeners: [{ address: '127.0.0.1:0', without: [access-log] }]\norigins: [{ name: web, servers: ['a:1'] }]\n";

it.each(BUILTIN_FILTERS)('has $name by its name, with options and turned off by a route', async (builtin) => {
  const { name, filters, options } = builtin;
  const text = `${GATEWAY}routes: [{ origin: web, filters: { ${name}: false } }]
filters: [{ name: ${name}, options: ${OPTIONS[name] ?? ''} }]`;
  const { config, registry } = await load(text);
  const declaration = declarationFromConfig(config.value, registry);
  const given = (config.value.filters[0] as { options: object }).options;

  expect(config.warnings).toEqual([]);
  expect(declaration.filters).toEqual(filters);
  expect(new options(given as never)).not.toEqual(new options());
  expect(Object.values(declaration.routes?.[0]?.filters ?? {})).toEqual(filters.map(() => false));
  expect(() => new Gateway(declaration)).not.toThrow();
});

it('says which option of a filter is wrong, and where', async () => {
  const text = `${GATEWAY}routes: [{ origin: web }]\nfilters: [{ name: cors, options: { allowedOrigin: x } }]`;

  await expect(load(text)).rejects.toThrow('filters[0].options.allowedOrigin: found an unknown key');
});

it('finds an origin that a filter names and that is not there', async () => {
  const text = `${GATEWAY}routes: [{ origin: web }]\nfilters: [{ name: mirror, options: { origin: wob } }]`;

  await expect(load(text)).rejects.toThrow(
    'filters[0].options.origin: found the origin "wob", which is not declared. Did you mean "web"?',
  );
});
