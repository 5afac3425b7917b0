import { expect, it } from 'vitest';
import { z } from 'zod';
import { prettyFindings } from '@sluice/config';
import { errorsOf, Folder } from './support/folder.ts';

const server = z.union([z.string(), z.strictObject({ host: z.string(), port: z.int().max(65_535) })]);
const schema = z.strictObject({
  name: z.string().min(2).optional(),
  timeoutMs: z.int().min(1).optional(),
  policy: z.enum(['round-robin', 'random']).optional(),
  servers: z.array(server).min(1).optional(),
  match: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('prefix'), prefix: z.string() }),
      z.strictObject({ type: z.literal('regex'), regex: z.string() }),
    ])
    .optional(),
  path: z.string().startsWith('/', 'a path begins with "/"').optional(),
  ratio: z.number().lt(1).optional(),
  weights: z.record(z.string(), z.number()).optional(),
  isOn: z.boolean().optional(),
  origin: z.strictObject({ name: z.string(), url: z.string() }).optional(),
  mode: z.literal('fast').optional(),
  either: z
    .union([
      z.strictObject({ kind: z.literal('a'), x: z.number() }),
      z.strictObject({ kind: z.literal('b'), y: z.number() }),
    ])
    .optional(),
  pair: z.tuple([z.string(), z.number()]).optional(),
  step: z.number().multipleOf(5).optional(),
  token: z.string().min(8).meta({ secret: true }).optional(),
  limits: z
    .strictObject({ low: z.number(), high: z.number() })
    .refine(({ low, high }) => low <= high, 'low may not be above high.')
    .optional(),
});

it.each([
  ['nme: x', '1:1 nme: found an unknown key, expected one of 16 names. Did you mean "name"?'],
  ['completelyOther: x', '1:1 completelyOther: found an unknown key, expected one of …'],
  ['name: 5', '1:7 name: found 5, expected a text.'],
  ['name: x', '1:7 name: found "x", expected at least 2 characters.'],
  ['name:', '1:6 name: found nothing, expected a text.'],
  ['name: [a]', '1:7 name: found a list, expected a text.'],
  ['timeoutMs: abc', '1:12 timeoutMs: found "abc", expected a whole number.'],
  ['timeoutMs: 0', '1:12 timeoutMs: found 0, expected a number of at least 1.'],
  ['timeoutMs: 1.5', '1:12 timeoutMs: found 1.5, expected a whole number.'],
  ['ratio: 1', '1:8 ratio: found 1, expected a number of less than 1.'],
  ['step: 7', '1:7 step: found 7, expected a multiple of 5.'],
  [
    'policy: randon',
    '1:9 policy: found "randon", expected one of "round-robin", "random". Did you mean "random"?',
  ],
  ['policy: least', '1:9 policy: found "least", expected one of "round-robin", "random".'],
  ['mode: slow', '1:7 mode: found "slow", expected "fast".'],
  ['servers: []', '1:10 servers: found an empty list, expected a list of at least 1.'],
  ['servers: a', '1:10 servers: found "a", expected a list.'],
  ['servers:\n  - a\n  - 7', '3:5 servers[1]: found 7, expected a text or a map.'],
  [
    'servers:\n  - host: a\n    prt: 7',
    '3:5 servers[0].prt: found an unknown key, expected one of "host", "port". Did you mean "port"?',
  ],
  [
    'servers:\n  - { host: a, port: 70000 }',
    '2:22 servers[0].port: found 70000, expected a number of at most 65535.',
  ],
  ['servers:\n  - host: a', '2:5 servers[0].port: missing, expected a whole number.'],
  [
    'match: { type: prefx, prefix: / }',
    '1:16 match.type: found "prefx", expected one of "prefix", "regex". Did you mean "prefix"?',
  ],
  [
    'match: { type: regex, prefix: / }',
    '1:8 match.regex: missing, expected a text.\n1:23 match.prefix: found an unknown key, expected one of "type", "regex".',
  ],
  ['either: { kind: b, y: no }', '1:23 either.y: found "no", expected a number.'],
  ['path: a', '1:7 path: found "a": a path begins with "/".'],
  ['weights: { a: heavy }', '1:15 weights.a: found "heavy", expected a number.'],
  ['isOn: yes', '1:7 isOn: found "yes", expected true or false.'],
  [
    'origin: { nam: x, url: y }',
    '1:11 origin.nam: found an unknown key, expected one of "name", "url". Did you mean "name"?',
  ],
  ['pair: [a, b]', '1:11 pair[1]: found "b", expected a number.'],
  ['limits: { low: 2, high: 1 }', '1:9 limits: low may not be above high.'],
  ['token: short', '1:8 token: found a secret, expected at least 8 characters.'],
])('says of %j what was found and what was expected', async (text, expected) => {
  const errors = await errorsOf(text, schema);

  const shortened = errors.map((error) =>
    error.replace(
      /(?<=^main\.yaml:1:1 \w+: found an unknown key, expected one of )"name".*?"limits"\.?/,
      '…',
    ),
  );
  expect(shortened.join('\n').replaceAll('main.yaml:', '')).toBe(expected);
});

it('says all that is wrong at once, in the order of the file', async () => {
  const errors = await errorsOf('ratio: x\nnme: y\nservers:\n  - 5\nname: 1', schema);

  expect(errors.map((error) => error.split(' ')[0])).toEqual([
    'main.yaml:1:8',
    'main.yaml:2:1',
    'main.yaml:4:5',
    'main.yaml:5:7',
  ]);
});

it('shows the line with a caret, in colours only when asked', async () => {
  const folder = new Folder({ 'main.yaml': 'a: 1\nservers:\n\t- 5' });
  const { findings } = await new Folder({ 'main.yaml': 'servers:\n  - 5\n' }).refusal(schema);

  expect(prettyFindings(findings).split('\n').slice(1)).toEqual(['  2 |   - 5', '    |     ^']);
  expect(prettyFindings(findings, { colors: true })).toContain('\u001b[31m');
  expect(prettyFindings((await folder.refusal(schema)).findings)).not.toContain('\u001b');
});

it('shows no line that a secret stands in', async () => {
  const { findings } = await new Folder({ 'main.yaml': '{ token: hunter2hunter2, name: 5 }' }).refusal(
    schema,
  );
  const secret = await new Folder({ 'main.yaml': 'token: hunter2' }).refusal(schema);

  expect(findings).toHaveLength(1);
  expect(prettyFindings(findings)).not.toContain('hunter2');
  expect(prettyFindings(secret.findings)).not.toContain('hunter2');
});
