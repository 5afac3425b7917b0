import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { prettyFindings } from '@sluice/config';
import { errorsOf, Folder, valueOf } from './support/folder.ts';

describe('the environment', () => {
  it.each([
    ['a: ${A}', { a: 'x' }],
    ['a: "${A}-${B:-y}"', { a: 'x-y' }],
    ['a: ${EMPTY:-full}', { a: 'full' }],
    ['a: "${EMPTY}"', { a: '' }],
    ['a: $${A} $$ $5 a$', { a: '${A} $ $5 a$' }],
    ['a: ${EVIL}', { a: 'x\nb: 1\n{ c: [' }],
    ['${A}: 1', { '${A}': 1 }],
  ])('makes of %j what it stands for, as text', async (text, value) => {
    expect(await valueOf(text, { A: 'x', EMPTY: '', EVIL: 'x\nb: 1\n{ c: [' })).toEqual(value);
  });

  it('becomes a number or a boolean where one is expected, and stays text elsewhere', async () => {
    const schema = z.object({
      n: z.int(),
      b: z.boolean(),
      t: z.string(),
      u: z.union([z.number(), z.null()]),
    });
    const folder = new Folder({ 'main.yaml': 'n: ${N}\nb: "${B}"\nt: ${N}\nu: ${N}' });

    expect((await folder.load(schema, { env: { N: '80', B: 'true' } })).value).toEqual({
      n: 80,
      b: true,
      t: '80',
      u: 80,
    });
  });

  it('does not read text as a number that the file writes as text', async () => {
    expect(await errorsOf('n: "80"', z.object({ n: z.number() }))).toEqual([
      'main.yaml:1:4 n: found "80", expected a number.',
    ]);
  });

  it.each([
    [
      'a: x ${PRT}',
      '1:6 a: the environment variable "PRT" is not set; set it, or write ${PRT:-default}. Did you mean "PORT"?',
    ],
    [
      'a: "${toString}"',
      '1:5 a: the environment variable "toString" is not set; set it, or write ${toString:-default}.',
    ],
    [
      'a: ${',
      '1:4 a: found ${ without }, expected ${NAME}, ${NAME:-default} or ${file:path}; $$ is a dollar sign',
    ],
    [
      'a: ${1}',
      '1:4 a: found "${1}", expected ${NAME}, ${NAME:-default} or ${file:path}; $$ is a dollar sign',
    ],
  ])('is missed at its place in %j', async (text, expected) => {
    expect(await errorsOf(text, z.unknown(), { PORT: '80' })).toEqual([`main.yaml:${expected}`]);
  });
});

describe('secrets from files', () => {
  it('are read relative to the file that names them, without the last line end', async () => {
    const folder = new Folder({
      'main.yaml': 'include: sub/a.yaml',
      'sub/a.yaml': 'a: ${file:key}',
      'sub/key': 'line\nlast\r\n',
    });

    expect((await folder.load(z.unknown())).value).toEqual({ a: 'line\nlast' });
  });

  it('are no part of any error, whatever is expected of them', async () => {
    const folder = new Folder({ 'main.yaml': 'n: ${file:key}\nm:\n  k: ${file:key}', key: 'hunter2' });
    const schema = z.object({ n: z.number(), m: z.enum(['hunter3']) });
    const error = await folder.refusal(schema);

    expect(error.findings).toHaveLength(2);
    expect(error.message).toContain('found a secret, expected a number.');
    expect(error.message + prettyFindings(error.findings)).not.toContain('hunter2');
  });

  it('are missed at their place, with the reason', async () => {
    expect(await errorsOf('a: ${file:nowhere}')).toEqual([
      'main.yaml:1:4 a: can\'t read "nowhere": there is no such file',
    ]);
  });
});
