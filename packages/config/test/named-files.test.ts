import { rmSync } from 'node:fs';
import { firstValueFrom, skip } from 'rxjs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { watchConfig } from '@sluice/config';
import type { ConfigDefinition, LoadedConfig } from '@sluice/config';
import { Folder } from './support/folder.ts';

const schema = z.strictObject({ users: z.string().optional(), other: z.string().optional() });
type Config = z.output<typeof schema>;

const definition: ConfigDefinition<typeof schema> = {
  schema,
  filesOf: ({ users, other }) => [users, other].filter((path) => path !== undefined),
};

it('is another configuration when a file that it names has other contents', async () => {
  const folder = new Folder({ 'u/users': 'ada' });
  const before = await load(folder);
  const same = await load(folder);
  folder.write('u/users', 'bob');
  const after = await load(folder);

  expect([before.equals(same), before.equals(after)]).toEqual([true, false]);
  expect(before.changedFilesIn(same)).toEqual([]);
  expect(before.changedFilesIn(after)).toEqual([folder.file('u/users')]);
  expect(before.files).toContain(folder.file('u/users'));
});

it('is another one when such a file is gone, whose content it may not be', async () => {
  const folder = new Folder({ 'u/users': 'ada' });
  const before = await load(folder);
  rmSync(folder.file('u/users'));

  expect(before.changedFilesIn(await load(folder))).toEqual([folder.file('u/users')]);
});

it('is watched with the files that it names', async () => {
  const folder = new Folder({ 'u/users': 'ada' });
  write(folder);
  const path = folder.file('main.yaml');
  const watched = await watchConfig(path, { definition, env: {}, quietMs: 5 });
  const second = firstValueFrom(watched.events$.pipe(skip(1)));
  await firstValueFrom(watched.events$);

  folder.write('u/users', 'bob');

  expect((await second).kind).toBe('loaded');
});

it('misses no change of a file that comes between its reading and its watch', async () => {
  const folder = new Folder({ 'u/users': 'ada' });
  write(folder);
  let isFirst = true;
  const change = (): [] => {
    if (isFirst) folder.write('u/users', 'bob');
    isFirst = false;
    return [];
  };
  const checks = [{ name: 'it', run: change }];
  const watched = await watchConfig(folder.file('main.yaml'), {
    definition: { ...definition, checks },
    env: {},
    quietMs: 5,
  });

  const first = await firstValueFrom(watched.events$);

  const now = await folder.load(schema, { definition });
  expect(first.kind === 'loaded' && first.config.equals(now)).toBe(true);
});

function write(folder: Folder): void {
  folder.write('main.yaml', `users: ${folder.file('u/users')}`);
}

function load(folder: Folder): Promise<LoadedConfig<Config>> {
  write(folder);
  return folder.load(schema, { definition });
}
