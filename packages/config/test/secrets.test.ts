import { expect, it } from 'vitest';
import { z } from 'zod';
import { diffConfigs, duplicateNames, unknownNames } from '@sluice/config';
import type { CheckFinding, ConfigCheck, LoadedConfig } from '@sluice/config';
import { Folder } from './support/folder.ts';

const schema = z.strictObject({
  name: z.string().default('a'),
  uses: z.string().default('a'),
  list: z.union([z.array(z.string()), z.string().transform((text) => text.split(','))]).default([]),
  origins: z.array(z.strictObject({ name: z.string(), port: z.int() })).default([]),
  token: z.string().meta({ secret: true }).optional(),
});
type Config = z.output<typeof schema>;

const SECRET = 'S3cret"valuex';

it.each<[string, (config: Config) => readonly CheckFinding[], string]>([
  [
    'a name that is not declared',
    ({ name, uses }) => unknownNames('origin', [{ name: uses, path: ['uses'] }], [name]),
    'uses: found a secret, which is no origin that is declared. [it]',
  ],
  [
    'a name that is there twice',
    ({ uses }) =>
      duplicateNames(
        'origin',
        [1, 2].map(() => ({ name: uses, path: ['uses'] })),
      ),
    'uses: found a second origin "***"; the first is uses. [it]',
  ],
  [
    'another value',
    ({ uses }) => [{ severity: 'error', path: ['name'], message: `found what is not ${uses}.` }],
    'name: found what is not ***. [it]',
  ],
  [
    'a text that is quoted, in lower case',
    ({ uses }) => [
      { severity: 'error', path: ['name'], message: `found ${JSON.stringify(uses.toLowerCase())}.` },
    ],
    'name: found "***". [it]',
  ],
  [
    'a key, whose value is not spoken of',
    () => [
      { severity: 'error', path: ['uses'], isAtKey: true, message: 'found it.', ofSecret: 'found a secret.' },
    ],
    'uses: found it. [it]',
  ],
])('is in no message of a check: %s', async (_case, run, line) => {
  const folder = new Folder({ 'main.yaml': 'uses: ${file:s}', s: `${SECRET}\n` });
  const check: ConfigCheck<Config> = { name: 'it', run };

  const [found] = await folder.errors(schema, { definition: { schema, checks: [check] } });

  expect(found?.replace(/^main\.yaml:\d+:\d+ /, '')).toBe(line);
});

it('is in no message of what was found before there was a schema', async () => {
  const folder = new Folder({ 'main.yaml': 'uses: ${file:s}', s: SECRET });

  const errors = await folder.errors(schema, {
    definition: (source, report) => {
      const message = `found the plugin ${String(source.get(['uses']))}.`;
      report({ severity: 'error', path: ['uses'], message });
      return { schema };
    },
  });

  expect(errors).toEqual(['main.yaml:1:7 uses: found the plugin ***.']);
});

it('is in no message that the schema has of another value', async () => {
  const folder = new Folder({ 'main.yaml': 'name: b\nuses: ${file:s}', s: SECRET });
  const picky = schema.superRefine(({ uses }, context) =>
    context.addIssue({ code: 'custom', path: ['name'], message: `differs from ${uses}` }),
  );

  expect(await folder.errors(picky)).toEqual(['main.yaml:1:7 name: found "b": differs from ***.']);
});

it('is masked where the schema has made something else of it, numbers too', async () => {
  const config = await loaded({
    'main.yaml': 'list: ${file:s}\norigins: [{ name: o, port: "${file:port}" }]\ntoken: t',
    s: 'one,two',
    port: '8080',
  });

  expect(config.shown).toEqual({
    name: 'a',
    uses: 'a',
    list: ['***', '***'],
    origins: [{ name: 'o', port: '***' }],
    token: '***',
  });
});

it('is hidden by its text, in whatever was made of it', async () => {
  const config = await loaded({
    'main.yaml': 'uses: "Bearer ${file:s}"\nname: v${file:pin}\ntoken: hunter2',
    s: SECRET,
    pin: '12',
  });

  expect(
    config.hideSecrets({
      header: `Bearer ${SECRET}`,
      alone: [`x ${SECRET} y`, 'hunter2!'],
      short: ['v12', '12', 'x=12', '3123'],
      count: 12,
    }),
  ).toEqual({
    header: '***',
    alone: ['x *** y', '***!'],
    // Within other words a short one is left: gaps in all of them would tell what it is.
    short: ['***', '***', 'x=***', '3123'],
    count: 12,
  });
});

it('is no name in the path of a change', async () => {
  const at = (port: number) => `origins: [{ name: "\${file:s}", port: ${port} }]`;
  const [before, after] = await Promise.all(
    [1, 2].map((port) => loaded({ 'main.yaml': at(port), s: SECRET })),
  );

  expect(before && after && diffConfigs(before, after)).toEqual([
    { kind: 'changed', path: 'origins[***].port', before: '1', after: '2' },
  ]);
});

function loaded(files: Record<string, string>): Promise<LoadedConfig<Config>> {
  return new Folder(files).load(schema);
}
