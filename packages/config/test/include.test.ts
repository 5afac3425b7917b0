import { expect, it } from 'vitest';
import { z } from 'zod';
import { Folder } from './support/folder.ts';

it('joins lists in the order of inclusion and maps key by key', async () => {
  const folder = new Folder({
    'main.yaml': 'include: [conf.d/*.yaml, other.yaml]\nroutes: [own]\norigins: { c: 3 }',
    'conf.d/b.yaml': 'routes: [b]\norigins: { b: 2 }',
    'conf.d/a.yaml': 'routes: [a]\norigins: { a: 1 }',
    'conf.d/.hidden.yaml': 'routes: [hidden]',
    'other.yaml': 'name: x',
  });

  expect((await folder.load(z.unknown())).value).toEqual({
    routes: ['a', 'b', 'own'],
    origins: { a: 1, b: 2, c: 3 },
    name: 'x',
  });
});

it('keeps the file and the place of what is wrong', async () => {
  const folder = new Folder({
    'main.yaml': 'include: sub/routes.yaml\nroutes: [{ prefix: 1 }]',
    'sub/routes.yaml': '\nroutes:\n  - prefix: 2',
  });
  const schema = z.strictObject({ routes: z.array(z.strictObject({ prefix: z.string() })) });

  expect(await folder.errors(schema)).toEqual([
    'main.yaml:2:20 routes[1].prefix: found 1, expected a text.',
    'sub/routes.yaml:3:13 routes[0].prefix: found 2, expected a text.',
  ]);
});

it.each([
  [
    { 'main.yaml': 'include: a.yaml', 'a.yaml': '\ninclude: [b.yaml]', 'b.yaml': 'include: ./main.yaml' },
    'b.yaml:1:10 include[0]: the files include each other: main.yaml → a.yaml → b.yaml → main.yaml',
  ],
  [
    { 'main.yaml': 'include: main.yaml' },
    'main.yaml:1:10 include[0]: the files include each other: main.yaml → main.yaml',
  ],
  [
    { 'main.yaml': 'include: [a.yaml, a.yaml]', 'a.yaml': '' },
    'main.yaml:1:19 include[1]: "a.yaml" is included a second time',
  ],
  [
    { 'main.yaml': 'include: [no.yaml]' },
    'main.yaml:1:11 include[0]: can\'t read "no.yaml": there is no such file',
  ],
  [
    { 'main.yaml': 'include: { a: 1 }' },
    'main.yaml:1:10 include: expected the path of a file, or a list of them',
  ],
  [{ 'main.yaml': 'include: [7]' }, 'main.yaml:1:11 include: expected the path of a file, or a list of them'],
  [
    { 'main.yaml': 'include: a.yaml\nname: y', 'a.yaml': '# one\nname: x' },
    'main.yaml:2:1 name: found this a second time; it is set in a.yaml, line 2',
  ],
])('refuses %j', async (files, expected) => {
  const folder = new Folder(files);

  expect((await folder.errors(z.unknown())).map((line) => line.replaceAll(`${folder.path}/`, ''))).toEqual([
    expected,
  ]);
});

it('bounds how many files there are', async () => {
  const files: Record<string, string> = { 'main.yaml': 'include: many/*.yaml' };
  for (let i = 0; i < 4; i++) files[`many/${i}.yaml`] = '';

  const errors = await new Folder(files).errors(z.unknown(), { limits: { maxFiles: 4 } });

  expect(errors).toEqual(['main.yaml:1:10 include[0]: there are more than 4 files']);
});
