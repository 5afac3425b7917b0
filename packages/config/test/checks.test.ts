import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { duplicateNames, formatFinding, unknownNames } from '@sluice/config';
import type { ConfigCheck } from '@sluice/config';
import { Folder } from './support/folder.ts';

const schema = z.strictObject({
  names: z.array(z.string()).default([]),
  uses: z.array(z.string()).default([]),
  token: z.string().meta({ secret: true }).optional(),
});
type Config = z.output<typeof schema>;

const places = (list: readonly string[], key: string) =>
  list.map((name, index) => ({ name, path: [key, index] }));
const checks: readonly ConfigCheck<Config>[] = [
  { name: 'names', run: ({ names }) => duplicateNames('name', places(names, 'names')) },
  { name: 'uses', run: ({ uses, names }) => unknownNames('name', places(uses, 'uses'), names) },
  {
    name: 'token',
    run: ({ token }) =>
      token ? [{ severity: 'warning', path: ['token'], message: 'found a token.', isAtKey: true }] : [],
  },
];

it('runs after the schema, and its errors come with those of other checks in the order of the file', async () => {
  const folder = new Folder({ 'main.yaml': 'token: x\nuses: [alpa, other]\nnames: [alpha, beta, alpha]' });

  expect(await folder.errors(schema, { definition: { schema, checks } })).toEqual([
    'main.yaml:1:1 token: warning: found a token. [token]',
    'main.yaml:2:8 uses[0]: found the name "alpa", which is not declared. Did you mean "alpha"? [uses]',
    'main.yaml:2:14 uses[1]: found the name "other", which is not declared. There is: alpha, beta, alpha. [uses]',
    'main.yaml:3:22 names[2]: found a second name "alpha"; the first is names[0]. [names]',
  ]);
});

it('gives reading, the schema and each check a turn of its own, for others to have theirs between', async () => {
  const folder = new Folder({ 'main.yaml': 'names: [a]' });
  const turns = new Turns();
  const seesTurn = schema.refine(() => turns.note());
  const notes = (name: string): ConfigCheck<Config> => ({ name, run: () => (turns.note(), []) });

  await folder.load(seesTurn, {
    definition: () => {
      turns.note();
      return { schema: seesTurn, checks: [notes('one'), notes('two')] };
    },
  });
  turns.note();

  expect(turns.noted).toHaveLength(5);
  expect(new Set(turns.noted).size).toBe(5);
});

it('lets warnings through, and shows no secret with them', async () => {
  const folder = new Folder({ 'main.yaml': 'token: hunter2' });
  const { warnings, value } = await folder.load(schema, { definition: { schema, checks } });

  expect(warnings.map(formatFinding)).toEqual([
    expect.stringContaining('token: warning: found a token. [token]'),
  ]);
  expect(warnings[0]?.position.text).toBeUndefined();
  expect(value.token).toBe('hunter2');
});

it('can choose the schema by what was read, and report what that met', async () => {
  const folder = new Folder({ 'main.yaml': 'kind: a\nvalue: x' });
  const kinds = { a: z.object({ kind: z.string(), value: z.string() }) };

  const loaded = await folder.load(kinds.a, {
    definition: (source) => ({ schema: kinds[source.get(['kind']) as 'a'] }),
  });
  const errors = await folder.errors(kinds.a, {
    definition: (_source, report) => {
      report({ severity: 'error', path: ['value', 'deeper'], message: 'found no such plugin.' });
      return { schema: kinds.a };
    },
  });

  expect(loaded.value).toEqual({ kind: 'a', value: 'x' });
  expect(errors).toEqual(['main.yaml:2:8 value.deeper: found no such plugin.']);
});

/** Counts the turns of the event loop. */
class Turns {
  readonly noted: number[] = [];
  #now = 0;

  constructor() {
    let next = setImmediate(() => {});
    const count = (): void => {
      this.#now += 1;
      next = setImmediate(count);
    };
    count();
    onTestFinished(() => clearImmediate(next));
  }

  note(): true {
    this.noted.push(this.#now);
    return true;
  }
}
