import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, writeAndTell } from '../../../../test/support/folder-events.ts';
import { FolderWatcher, VirtualClock } from '../../src/index.ts';

const QUIET_MS = 100;
const POLL_MS = 10_000;

describe('FolderWatcher', () => {
  it('tells of a file that is written, once it is quiet', async () => {
    const bench = new Bench(['conf/a.pem']);
    bench.watch(['conf/a.pem']);

    bench.write('conf/a.pem');
    await bench.stirred();
    bench.clock.advance(QUIET_MS - 1);
    expect(bench.changes).toBe(0);
    bench.clock.advance(1);

    expect(bench.changes).toBe(1);
  });

  it('is not stirred by other files of the folder', async () => {
    const bench = new Bench(['conf/a.pem']);
    bench.watch(['conf/a.pem']);

    await writeAndTell(bench.path('conf/access.log'));

    expect(bench.isStirred).toBe(false);
  });

  it('tells of steady changes after four intervals', async () => {
    const bench = new Bench(['conf/a.pem']);
    bench.watch(['conf/a.pem']);
    for (let at = 0; at < 8; at++) {
      await writeAndTell(bench.path('conf/a.pem'));
      bench.clock.advance(QUIET_MS / 2);
    }

    expect(bench.changes).toBe(1);
  });

  it('sees hidden files, which no pattern matches', async () => {
    const bench = new Bench(['conf/.a.pem']);
    bench.watch(['conf/.a.pem'], ['conf/*']);

    await writeAndTell(bench.path('conf/.b.pem'));
    expect(bench.isStirred).toBe(false);
    bench.write('conf/.a.pem');

    await bench.tells();
  });

  it('sees files come that a pattern matches, also in a folder that is yet to come', async () => {
    const bench = new Bench([]);
    bench.watch([], ['conf/d/*.yaml']);

    bench.write('conf/other');
    await bench.tells();
    bench.write('conf/d/README');
    await bench.tells();
    bench.write('conf/d/a.yaml');
    await bench.tells();

    expect(bench.errors).toEqual([]);
  });

  it('goes on in a folder that was put in the place of the old one', async () => {
    const bench = new Bench(['conf/a.pem', 'new/a.pem']);
    bench.watch(['conf/a.pem']);

    bench.rename('conf', 'old');
    bench.rename('new', 'conf');
    await bench.tells();
    bench.write('conf/a.pem');

    await bench.tells();
  });

  it('goes on in a folder that was removed and made again', async () => {
    const bench = new Bench(['conf/a.pem']);
    bench.watch(['conf/a.pem']);

    rmSync(bench.path('conf'), { recursive: true });
    bench.write('conf/a.pem');
    await bench.tells();
    bench.write('conf/a.pem');

    await bench.tells();
  });

  it('goes on where a link on the way was turned to', async () => {
    const bench = new Bench(['rel1/conf/a.pem', 'rel2/conf/a.pem']);
    bench.link('rel1', 'current');
    bench.watch(['current/conf/a.pem']);

    bench.turn('rel2', 'current');
    await bench.tells();
    bench.write('rel2/conf/a.pem');
    await bench.tells();

    await writeAndTell(bench.path('rel1/conf/a.pem'));
    expect(bench.isStirred).toBe(false);
  });

  it('finds by looking what no event tells of, and goes on from there', async () => {
    const bench = new Bench(['x/y/conf/a.pem', 'new/y/conf/a.pem']);
    bench.watch(['x/y/conf/a.pem']);
    bench.rename('x', 'old');
    bench.rename('new', 'x');

    bench.clock.advance(POLL_MS + QUIET_MS);
    expect(bench.changes).toBe(1);
    bench.write('x/y/conf/a.pem');

    await bench.tells();
  });

  it('finds by looking nothing that it has told of, or that was read without being told', () => {
    const bench = new Bench(['conf/a.pem']);
    const watcher = bench.watch(['conf/a.pem']);
    bench.write('conf/a.pem');
    bench.clock.advance(POLL_MS + QUIET_MS);
    expect(bench.changes).toBe(1);

    bench.write('conf/a.pem');
    watcher.refresh();
    bench.clock.advance(3 * POLL_MS);

    expect(bench.changes).toBe(1);
  });

  it('finds by looking what has changed before other files were watched too', () => {
    const bench = new Bench(['conf/a.pem', 'more/b.pem']);
    const watcher = bench.watch(['conf/a.pem']);
    bench.write('conf/a.pem');

    watcher.watch({ files: [bench.path('conf/a.pem'), bench.path('more/b.pem')], patterns: [] });
    bench.clock.advance(POLL_MS + QUIET_MS);

    expect(bench.changes).toBe(1);
  });

  it('leaves no timer behind', async () => {
    const bench = new Bench(['conf/a.pem']);
    const watcher = bench.watch(['conf/a.pem']);
    bench.write('conf/a.pem');
    await bench.stirred();

    watcher.close();

    expect(bench.clock.pendingTimers).toBe(0);
  });
});

/** A folder, and what is told of its files. */
class Bench {
  readonly clock = new VirtualClock();
  readonly errors: unknown[] = [];
  readonly #root = mkdtempSync(join(tmpdir(), 'sluice-files-'));
  changes = 0;

  constructor(files: readonly string[]) {
    onTestFinished(() => rmSync(this.#root, { recursive: true }));
    for (const file of files) this.write(file);
  }

  watch(files: readonly string[], patterns: readonly string[] = []): FolderWatcher {
    const watcher = new FolderWatcher({
      clock: this.clock,
      quietMs: QUIET_MS,
      pollMs: POLL_MS,
      onChange: () => void this.changes++,
      onError: (_folder, cause) => void this.errors.push(cause),
    });
    onTestFinished(() => watcher.close());
    const pathsOf = (names: readonly string[]) => names.map((name) => this.path(name));
    watcher.watch({ files: pathsOf(files), patterns: pathsOf(patterns) });
    return watcher;
  }

  /** Whether a change is about to be told. */
  get isStirred(): boolean {
    const msToNext = this.clock.msToNext();
    return msToNext >= 0 && msToNext <= QUIET_MS;
  }

  async stirred(): Promise<void> {
    await eventually(() => this.isStirred);
  }

  /** Waits for what happened to be told. */
  async tells(): Promise<void> {
    const before = this.changes;
    await this.stirred();
    this.clock.advance(QUIET_MS);
    expect(this.changes).toBe(before + 1);
  }

  path(name: string): string {
    return join(this.#root, name);
  }

  write(name: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), 'more', { flag: 'a' });
  }

  rename(from: string, to: string): void {
    renameSync(this.path(from), this.path(to));
  }

  link(target: string, name: string): void {
    symlinkSync(target, this.path(name));
  }

  /** Puts a link in the place of another in one step. */
  turn(target: string, name: string): void {
    this.link(target, `${name}.new`);
    this.rename(`${name}.new`, name);
  }
}
