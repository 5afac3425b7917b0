import { rmSync } from 'node:fs';
import { recordedFiles } from '@sluice/config';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Folder } from './support/folder.ts';

const FILES = {
  'main.yaml': 'include: conf.d/*.yaml\nkey: ${file:key.txt}',
  'conf.d/a.yaml': 'a: 1',
  'key.txt': 'secret',
};

it('is read again as it was, whatever has become of its files', async () => {
  const folder = new Folder(FILES);
  const first = await folder.load(z.unknown());
  const record = structuredClone(first.record);
  folder.write('main.yaml', 'key: [');
  folder.write('conf.d/b.yaml', 'b: 2');
  rmSync(folder.file('key.txt'));

  const again = await folder.load(z.unknown(), { files: recordedFiles(record) });

  expect(again.value).toEqual({ a: 1, key: 'secret' });
  expect(again.equals(first)).toBe(true);
});

it('has a file that was not there then, or was not asked for, not there', async () => {
  const folder = new Folder({ 'main.yaml': 'key: ${file:key.txt}' });
  const { record } = await new Folder({ 'main.yaml': 'a: 1' }).load(z.unknown());

  expect(await folder.errors(z.unknown(), { files: recordedFiles(record) })).toEqual([
    expect.stringContaining('can\'t read "main.yaml": it was not read before'),
  ]);
});
