import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '@sluice/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileDiscovery } from '@sluice/discovery';
import type { FileDiscoveryOptions } from '@sluice/discovery';
import { eventually, writeAndTell } from '../../../test/support/folder-events.ts';
import { settle, Watcher } from './support.ts';

describe('FileDiscovery', () => {
  it.each([
    ['servers.json', '{"servers": [{"host": "10.0.0.1", "port": 80}, {"path": "/run/b.sock", "weight": 2}]}'],
    ['servers.json', '[{"host": "10.0.0.1", "port": 80}, {"path": "/run/b.sock", "weight": 2}]'],
  ])('reads %s: %j', async (name, text) => {
    const { watcher } = watch(name, text);

    expect(await watcher.set(0)).toEqual(['10.0.0.1:80 w1 p0', '/run/b.sock w2 p0']);
  });

  it('reads a file in the way that it is told', async () => {
    const parse = (text: string): unknown => text.split(' ').map((host) => ({ host, port: 80 }));
    const { watcher } = watch('servers.txt', '10.0.0.1 10.0.0.2', undefined, { settleMs: 5, parse });

    expect(await watcher.set(0)).toEqual(['10.0.0.1:80 w1 p0', '10.0.0.2:80 w1 p0']);
  });

  it('begins with what was found before where it can not be read', async () => {
    const watcher = new Watcher();
    const lastServers = [{ address: { host: '10.0.0.1', port: 80 }, weight: 1, priority: 0 }];
    watcher.watch(new FileDiscovery('/nowhere/servers.json', {}, { ...watcher.services, lastServers }));

    expect(await watcher.set(0)).toEqual(['10.0.0.1:80 w1 p0']);
  });

  it('sees that another file was put in its place', async () => {
    const { watcher, path } = watch('servers.json', listOf(1));
    await watcher.set(0);
    writeFileSync(`${path}.new`, listOf(2));
    renameSync(`${path}.new`, path);

    expect(await watcher.set(1)).toEqual(['10.0.0.2:80 w1 p0']);
  });

  it('sees that a link was turned to another file', async () => {
    const { watcher, path } = watch('servers.json', undefined, (path) => {
      writeFileSync(`${path}.1`, listOf(1));
      symlinkSync(`${path}.1`, path);
    });
    await watcher.set(0);
    writeFileSync(`${path}.2`, listOf(2));
    symlinkSync(`${path}.2`, `${path}.link`);
    renameSync(`${path}.link`, path);

    expect(await watcher.set(1)).toEqual(['10.0.0.2:80 w1 p0']);
  });

  it('keeps the servers while the file is broken, and says what is wrong', async () => {
    const { watcher, path } = watch('servers.json', listOf(1), undefined, { settleMs: 0 });
    await watcher.set(0);
    const warned = new Promise<string>(
      (resolve) => (watcher.logger.warn = (fields) => resolve((fields as { err: Error }).err.message)),
    );
    replace(path, '{"servers": [');
    expect(await warned).toContain(`${path}: `);
    replace(path, listOf(3));

    expect(await watcher.set(1)).toEqual(['10.0.0.3:80 w1 p0']);
  });

  it('has no servers while there is no file, and comes to know of it', async () => {
    const { watcher, path } = watch('servers.json', undefined);
    expect(await watcher.set(0)).toEqual([]);
    expect(watcher.warnings[0]).toContain('ENOENT');
    replace(path, listOf(1));

    expect(await watcher.set(1)).toEqual(['10.0.0.1:80 w1 p0']);
  });

  it('reads the file now and then where nothing can be watched', async () => {
    const watcher = new Watcher();
    const folder = join(tempFolder(), 'later');
    const path = join(folder, 'servers.json');
    const services = { ...watcher.services, clock: watcher.clock };
    watcher.watch(new FileDiscovery(path, { pollMs: 1000 }, services));
    expect(await watcher.set(0)).toEqual([]);
    symlinkSync(tempFolder(), folder);
    writeFileSync(path, listOf(1));

    watcher.clock.advance(1000);

    expect(await watcher.set(1)).toEqual(['10.0.0.1:80 w1 p0']);
  });

  it('reads at every poll and at nothing else while other files of the folder are written', async () => {
    const { watcher, path } = watchInVirtualTime({ settleMs: 50, pollMs: 100 });
    await watcher.set(0);
    for (let passedMs = 40; passedMs <= 400; passedMs += 40) {
      await writeAndTell(`${path}.log`);
      watcher.clock.advance(40);
      const polls = Math.floor(passedMs / 100);
      await eventually(() => watcher.outcomes.length > polls);
    }

    expect(watcher.outcomes).toHaveLength(5);
  });

  it('reads the file while it is written all the time', async () => {
    const { watcher, path } = watchInVirtualTime({ settleMs: 50 });
    await watcher.set(0);
    for (let at = 0; at < 10; at++) {
      await writeAndTell(path, at === 0 ? listOf(1) : ' ');
      watcher.clock.advance(20);
    }

    expect(await watcher.set(1)).toEqual(['10.0.0.1:80 w1 p0']);
  });

  it('sees that a folder on the way was replaced', async () => {
    const root = tempFolder();
    const path = join(root, 'conf', 'servers.json');
    const { watcher } = watchPath(path, () => {
      mkdirSync(join(root, 'conf'));
      mkdirSync(join(root, 'new'));
      writeFileSync(path, listOf(1));
      writeFileSync(join(root, 'new', 'servers.json'), listOf(2));
    });
    await watcher.set(0);
    renameSync(join(root, 'conf'), join(root, 'old'));
    renameSync(join(root, 'new'), join(root, 'conf'));

    expect(await watcher.set(1)).toEqual(['10.0.0.2:80 w1 p0']);
    replace(path, listOf(3));
    expect(await watcher.set(2)).toEqual(['10.0.0.3:80 w1 p0']);
  });

  it('logs a failure once until there is another or a success', async () => {
    const { watcher, path } = watchInVirtualTime({ settleMs: 1000, pollMs: 100 });
    const readAgain = async (): Promise<void> => {
      const before = watcher.outcomes.length;
      watcher.clock.advance(100);
      await eventually(() => watcher.outcomes.length > before);
    };
    await watcher.set(0);
    await readAgain();
    await readAgain();
    expect(watcher.warnings).toHaveLength(1);
    writeFileSync(path, '[7]');
    await readAgain();
    expect(watcher.warnings).toHaveLength(2);
    writeFileSync(path, listOf(1));
    await readAgain();
    writeFileSync(path, '[7]');
    await readAgain();

    expect(watcher.warnings).toHaveLength(3);
    expect(watcher.outcomes.filter((outcome) => outcome === 'failure')).toHaveLength(5);
  });

  it.each([
    ['{}', 'servers must be a list of servers; got nothing.'],
    ['[7]', '[0] must be an object with host and port, or path; got 7.'],
    ['[{"host": "a", "port": 80}, {"host": "b"}]', '[1].port must be a port from 1 to 65535; got nothing.'],
    ['{"servers": [{"host": "", "port": 80}]}', 'servers[0].host must be an address or a host name; got "".'],
    ['[{"host": "a", "port": 80, "weight": 0}]', '[0].weight must be a number above 0; got 0.'],
    ['[{"host": "a", "port": 80, "priority": -1}]', '[0].priority must be a whole number from 0; got -1.'],
    [
      '[{"host": "a", "port": 80, "wieght": 1}]',
      '[0].wieght must be one of host, port, path, weight, priority.',
    ],
  ])('refuses %s', async (text, message) => {
    const { watcher, path } = watch('servers.json', text);

    expect(await watcher.set(0)).toEqual([]);
    expect(watcher.warnings).toEqual([`${path}: ${message}`]);
  });

  it('leaves no watcher and no timer behind', async () => {
    const watcher = new Watcher();
    const path = join(tempFolder(), 'servers.json');
    writeFileSync(path, listOf(1));
    const stop = watcher.watch(new FileDiscovery(path, {}, watcher.services));
    await watcher.set(0);
    // The watchers of other tests may not be gone quite yet.
    for (let turn = 0; turn < 3; turn++) await settle();
    const during = fileWatchers();
    stop();
    for (let turn = 0; turn < 3; turn++) await settle();

    expect(watcher.clock.pendingTimers).toBe(0);
    // Its folder, and the one above.
    expect(fileWatchers()).toBe(during - 2);
  });
});

function watch(
  name: string,
  text: string | undefined,
  prepare: (path: string) => void = () => {},
  options: Partial<FileDiscoveryOptions> = { settleMs: 5 },
) {
  return watchPath(
    join(tempFolder(), name),
    (path) => {
      if (text !== undefined) writeFileSync(path, text);
      prepare(path);
    },
    options,
  );
}

function watchPath(
  path: string,
  prepare: (path: string) => void,
  options: Partial<FileDiscoveryOptions> = { settleMs: 5 },
) {
  const watcher = new Watcher();
  prepare(path);
  // Files change in real time.
  const services = { ...watcher.services, clock: new SystemClock() };
  watcher.watch(new FileDiscovery(path, options, services));
  return { watcher, path };
}

/** A file that is not there yet; what is put off waits for the clock of the watcher. */
function watchInVirtualTime(options: Partial<FileDiscoveryOptions>) {
  const watcher = new Watcher();
  const path = join(tempFolder(), 'servers.json');
  watcher.watch(new FileDiscovery(path, options, watcher.services));
  return { watcher, path };
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function listOf(number: number): string {
  return JSON.stringify([{ host: `10.0.0.${number}`, port: 80 }]);
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-discovery-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function fileWatchers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
}
