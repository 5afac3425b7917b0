import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { firstValueFrom, skip } from 'rxjs';
import { VirtualClock } from '@sluice/core';
import type { Timer } from '@sluice/core';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ConfigError, watchConfig } from '@sluice/config';
import type { ConfigEvent } from '@sluice/config';
import { eventually } from '../../../test/support/folder-events.ts';
import { Folder } from './support/folder.ts';

const schema = z.strictObject({
  a: z.number().optional(),
  list: z.array(z.string()).optional(),
  key: z.string().optional(),
});
type Config = z.output<typeof schema>;

it('begins with what there is, and goes on with what it becomes', async () => {
  const folder = new Folder({ 'main.yaml': 'a: 1' });
  const events = await watch(folder);

  expect(await events.next()).toEqual({ a: 1 });
  folder.write('main.yaml', 'a: 2');
  expect(await events.next()).toEqual({ a: 2 });
});

it('sees a file that is replaced by a rename', async () => {
  const folder = new Folder({ 'main.yaml': 'a: 1' });
  const events = await watch(folder);
  await events.next();

  folder.write('main.yaml.new', 'a: 2');
  renameSync(folder.file('main.yaml.new'), folder.file('main.yaml'));

  expect(await events.next()).toEqual({ a: 2 });
});

it('sees included files change and come, and files of secrets', async () => {
  const folder = new Folder({
    'main.yaml': 'include: d/*.yaml\nkey: ${file:s/key}',
    'd/a.yaml': 'list: [a]',
    's/key': 'one',
  });
  const events = await watch(folder);

  expect(await events.next()).toEqual({ list: ['a'], key: 'one' });
  folder.write('d/b.yaml', 'list: [b]');
  expect(await events.next()).toEqual({ list: ['a', 'b'], key: 'one' });
  folder.write('s/key', 'two');
  expect(await events.next()).toEqual({ list: ['a', 'b'], key: 'two' });
});

it('sees a link that is turned to another folder, as Kubernetes does', async () => {
  const folder = new Folder({ 'v1/main.yaml': 'a: 1', 'v2/main.yaml': 'a: 2' });
  symlinkSync('v1', folder.file('..data'));
  symlinkSync('..data/main.yaml', folder.file('main.yaml'));
  const events = await watch(folder);
  await events.next();

  symlinkSync('v2', folder.file('..data_tmp'));
  renameSync(folder.file('..data_tmp'), folder.file('..data'));

  expect(await events.next()).toEqual({ a: 2 });
});

it('sees a folder of included files that is replaced, and what is written in the new one', async () => {
  const folder = new Folder({
    'main.yaml': 'include: d/*.yaml',
    'd/a.yaml': 'list: [a]',
    'new/a.yaml': 'list: [b]',
  });
  const events = await watch(folder);
  await events.next();

  renameSync(folder.file('d'), folder.file('old'));
  renameSync(folder.file('new'), folder.file('d'));
  expect(await events.next()).toEqual({ list: ['b'] });
  folder.write('d/a.yaml', 'list: [c]');
  expect(await events.next()).toEqual({ list: ['c'] });
});

it('sees a link on the way to the folder that is turned, and what is written behind it', async () => {
  const folder = new Folder({
    'main.yaml': 'include: current/d/*.yaml',
    'rel1/d/a.yaml': 'list: [a]',
    'rel2/d/a.yaml': 'list: [b]',
  });
  symlinkSync('rel1', folder.file('current'));
  const events = await watch(folder);
  await events.next();

  symlinkSync('rel2', folder.file('current.new'));
  renameSync(folder.file('current.new'), folder.file('current'));
  expect(await events.next()).toEqual({ list: ['b'] });
  folder.write('rel2/d/a.yaml', 'list: [c]');
  expect(await events.next()).toEqual({ list: ['c'] });
});

it('sees what is written in a replaced folder after it was told to load', async () => {
  const folder = new Folder({ 'x/y/main.yaml': 'a: 1', 'new/y/main.yaml': 'a: 2' });
  const clock = new WatchedClock();
  const watched = await watchConfig(folder.file('x/y/main.yaml'), {
    definition: { schema },
    env: {},
    clock,
    quietMs: 5,
  });
  const seen: unknown[] = [];
  const subscription = watched.events$.subscribe(
    (event) => event.kind === 'loaded' && seen.push(event.config.value),
  );
  onTestFinished(() => subscription.unsubscribe());
  await watched.reload();
  renameSync(folder.file('x'), folder.file('old'));
  renameSync(folder.file('new'), folder.file('x'));
  await watched.reload();

  folder.write('x/y/main.yaml', 'a: 3');
  await clock.scheduled();
  clock.advance(5);

  await eventually(() => seen.length === 3);
  expect(seen).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
});

it('tells a refusal once, and what mends it', async () => {
  const folder = new Folder({ 'main.yaml': 'a: 1' });
  const events = await watch(folder);
  await events.next();

  folder.write('main.yaml', 'a: x');
  expect(await events.next()).toBeInstanceOf(ConfigError);
  folder.write('main.yaml', 'include: more.yaml');
  expect(await events.next()).toBeInstanceOf(ConfigError);
  folder.write('more.yaml', 'a: 3');
  expect(await events.next()).toEqual({ a: 3 });
});

it('says nothing when the content says the same, and loads when it is told to', async () => {
  const folder = new Folder({ 'main.yaml': 'a: 1' });
  const clock = new VirtualClock();
  const watched = await watchConfig(folder.file('main.yaml'), { definition: { schema }, env: {}, clock });
  const seen: ConfigEvent<Config>[] = [];
  const subscription = watched.events$.subscribe((event) => seen.push(event));
  onTestFinished(() => subscription.unsubscribe());
  await watched.reload();
  folder.write('main.yaml', '# The same.\na: 1.0\n');
  await watched.reload();
  expect(seen).toHaveLength(1);

  folder.write('main.yaml', 'a: 2');
  await watched.reload();

  expect(seen).toHaveLength(2);
});

it('waits until the files have been quiet for a while', async () => {
  const folder = new Folder({ 'main.yaml': 'a: 1' });
  const clock = new WatchedClock();
  const watched = await watchConfig(folder.file('main.yaml'), {
    definition: { schema },
    env: {},
    clock,
    quietMs: 50,
  });
  const seen: unknown[] = [];
  const subscription = watched.events$.subscribe((event) => seen.push(event));
  onTestFinished(() => subscription.unsubscribe());
  await firstValueFrom(watched.events$);
  replace(folder, 'a: 2');
  await clock.scheduled();
  clock.advance(49);
  replace(folder, 'a: 3');
  await clock.scheduled();
  clock.advance(49);
  expect(seen).toHaveLength(1);

  clock.advance(1);

  const second = await firstValueFrom(watched.events$.pipe(skip(1)));
  expect(second.kind === 'loaded' && second.config.value).toEqual({ a: 3 });
});

it('leaves no watch when nobody is subscribed', async () => {
  const folder = new Folder({ 'main.yaml': 'a: 1' });
  const watched = await watchConfig(folder.file('main.yaml'), {
    definition: { schema },
    env: {},
    quietMs: 0,
  });
  await firstValueFrom(watched.events$);
  rmSync(folder.file('main.yaml'));
  await watched.reload();

  folder.write('main.yaml', 'a: 2');

  const event = await firstValueFrom(watched.events$);
  expect(event.kind === 'loaded' && event.config.value).toEqual({ a: 2 });
});

/** In one step, which is one event. */
function replace(folder: Folder, text: string): void {
  folder.write('aside/new.yaml', text);
  renameSync(folder.file('aside/new.yaml'), folder.file('main.yaml'));
}

/** Tells when something is put off. */
class WatchedClock extends VirtualClock {
  #notify: () => void = () => {};

  override schedule(delayMs: number, task: () => void): Timer {
    this.#notify();
    return super.schedule(delayMs, task);
  }

  scheduled(): Promise<void> {
    return new Promise((resolve) => (this.#notify = resolve));
  }
}

/** The values, and errors, of a watched configuration, one after the other. */
async function watch(folder: Folder): Promise<{ next(): Promise<Config | Error> }> {
  const watched = await watchConfig(folder.file('main.yaml'), {
    definition: { schema },
    env: {},
    quietMs: 5,
  });
  const seen: (Config | Error)[] = [];
  let notify = (): void => {};
  const subscription = watched.events$.subscribe((event) => {
    seen.push(event.kind === 'loaded' ? event.config.value : event.error);
    notify();
  });
  onTestFinished(() => subscription.unsubscribe());
  return {
    next: async () => {
      for (;;) {
        const value = seen.shift();
        if (value !== undefined) return value;
        await new Promise<void>((resolve) => (notify = resolve));
      }
    },
  };
}
