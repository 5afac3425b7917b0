import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { diffConfigs, dumpConfig, jsonSchemaOf } from '@sluice/config';
import { Folder } from './support/folder.ts';

const origin = z.strictObject({
  name: z.string(),
  timeoutMs: z.int().default(2000),
  token: z.string().meta({ secret: true }).optional(),
});
const schema = z.strictObject({
  level: z.string().default('info'),
  origins: z.array(origin).default([]),
  tags: z.array(z.string()).default([]),
  passwords: z.record(z.string(), z.string()).meta({ secret: true }).optional(),
});

it('dumps defaults, and *** in the place of every secret', async () => {
  const folder = new Folder({
    'main.yaml':
      'origins: [{ name: a, token: hunter1 }]\ntags: ["x${file:key}", "$${X}"]\npasswords: { bob: hunter2 }',
    key: 'hunter3',
  });

  expect(dumpConfig(await folder.load(schema))).toBe(`level: info
origins:
  - name: a
    timeoutMs: 2000
    token: "***"
tags:
  - "***"
  - $\${X}
passwords:
  bob: "***"
`);
});

it('dumps what can be loaded again and says the same', { timeout: 30_000 }, async () => {
  const data = fc.dictionary(
    fc.string().filter((key) => key !== 'include'),
    fc.jsonValue(),
  );
  const known = data.filter((value) => !JSON.stringify(value).includes('__proto__'));
  const any = z.record(z.string(), z.unknown());
  const folder = new Folder();
  await fc.assert(
    fc.asyncProperty(known, async (value) => {
      folder.write('main.yaml', JSON.stringify(value).replaceAll('$', '$$$$'));
      const first = await folder.load(any);
      folder.write('main.yaml', dumpConfig(first));

      expect((await folder.load(any)).value).toEqual(first.value);
    }),
    { numRuns: 60 },
  );
});

it('tells what has changed, by name where things have names, secrets as ***', async () => {
  const folder = new Folder({
    'main.yaml': 'origins: [{ name: a, token: hunter1 }, { name: b }]\ntags: [x, y]',
  });
  const before = await folder.load(schema);
  folder.write(
    'main.yaml',
    'level: debug\norigins: [{ name: c }, { name: a, token: hunter2, timeoutMs: 5 }]\ntags: [x]',
  );
  const after = await folder.load(schema);

  expect(diffConfigs(before, before)).toEqual([]);
  expect(diffConfigs(before, after)).toEqual([
    { kind: 'changed', path: 'level', before: '"info"', after: '"debug"' },
    { kind: 'changed', path: 'origins[a].timeoutMs', before: '2000', after: '5' },
    { kind: 'changed', path: 'origins[a].token', before: '***', after: '***' },
    { kind: 'removed', path: 'origins[b]', before: 'a map', after: undefined },
    { kind: 'added', path: 'origins[c]', before: undefined, after: 'a map' },
    { kind: 'removed', path: 'tags[1]', before: '"y"', after: undefined },
  ]);
});

it('describes the file to editors: defaults, include, ${…}, and nothing required of one file alone', () => {
  const described = z.strictObject({
    port: z.int().max(9).default(8).meta({ description: 'Where.' }),
    kind: z.enum(['a', 'b']).meta({ open: true }),
    key: z.string().meta({ secret: true }),
  });

  expect(jsonSchemaOf(described, { title: 'A file', id: 'https://a.example/s.json' })).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://a.example/s.json',
    title: 'A file',
    type: 'object',
    additionalProperties: false,
    $defs: {
      __schema0: {
        anyOf: [
          { type: 'integer', maximum: 9 },
          { type: 'string', pattern: String.raw`\$\{` },
        ],
      },
    },
    properties: {
      include: expect.objectContaining({
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      }) as unknown,
      port: { $ref: '#/$defs/__schema0', description: 'Where.', default: 8 },
      kind: { anyOf: [{ enum: ['a', 'b'] }, { type: 'string' }] },
      key: { type: 'string', writeOnly: true },
    },
  });
});
