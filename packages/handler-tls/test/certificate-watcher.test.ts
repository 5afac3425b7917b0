import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@sluice/core';
import { CertificateWatcher, ServerSslContext } from '@sluice/handler-tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../../../test/support/certificates.ts';
import { eventually, writeAndTell } from '../../../test/support/folder-events.ts';

const DEBOUNCE_MS = 250;

describe.skipIf(openssl === undefined)('CertificateWatcher', () => {
  let ca: TestCa;

  beforeAll(() => {
    ca = new TestCa();
  });

  afterAll(() => ca.remove());

  it('has the new certificate while something else writes to its folder all the time', async () => {
    const bench = new Bench(ca, ['tls']);
    bench.watch('tls');
    await bench.renew('tls', 'new.test');

    for (let passedMs = 0; passedMs < DEBOUNCE_MS; passedMs += 50) {
      await writeAndTell(bench.path('tls/access.log'));
      bench.clock.advance(50);
    }

    expect(bench.names).toEqual(['new.test']);
  });

  it('has the new certificate after a second, though its files are written all the time', async () => {
    const bench = new Bench(ca, ['tls']);
    bench.watch('tls');
    await bench.renew('tls', 'new.test');

    for (let passedMs = 0; passedMs < 4 * DEBOUNCE_MS; passedMs += 100) {
      await writeAndTell(bench.path('tls/cert.pem'), '\n');
      bench.clock.advance(100);
    }

    expect(bench.names).toEqual(['new.test']);
  });

  it('sees that its folder was replaced, and what is written in the new one', async () => {
    const bench = new Bench(ca, ['tls', 'next']);
    bench.watch('tls');

    renameSync(bench.path('tls'), bench.path('old'));
    renameSync(bench.path('next'), bench.path('tls'));
    await bench.reload();
    expect(bench.names).toEqual(['next.test']);
    await bench.renew('tls', 'new.test');
    await bench.reload();

    expect(bench.names).toEqual(['new.test']);
  });

  it('sees that a link to its folder was turned, and what is written behind it', async () => {
    const bench = new Bench(ca, ['v1', 'v2']);
    symlinkSync('v1', bench.path('live'));
    bench.watch('live');

    symlinkSync('v2', bench.path('live.new'));
    renameSync(bench.path('live.new'), bench.path('live'));
    await bench.reload();
    expect(bench.names).toEqual(['v2.test']);
    await bench.renew('v2', 'new.test');
    await bench.reload();

    expect(bench.names).toEqual(['new.test']);
  });

  it('leaves nothing behind, also when it is told to reload after its end', () => {
    const bench = new Bench(ca, ['tls']);
    const watcher = bench.watch('tls');

    watcher.close();
    watcher.reload();

    expect(bench.clock.pendingTimers).toBe(0);
  });
});

/** Folders with a certificate each, named for them, one of which is watched. */
class Bench {
  readonly clock = new VirtualClock();
  readonly #root = mkdtempSync(join(tmpdir(), 'sluice-certificates-'));
  readonly #ca: TestCa;
  #context: ServerSslContext | undefined = undefined;

  constructor(ca: TestCa, folders: readonly string[]) {
    this.#ca = ca;
    onTestFinished(() => rmSync(this.#root, { recursive: true }));
    for (const folder of folders) {
      mkdirSync(this.path(folder));
      ca.renew(this.#filesOf(folder), [`DNS:${folder}.test`]);
    }
  }

  get names(): readonly string[] | undefined {
    return this.#context?.certificates[0]?.names;
  }

  watch(folder: string): CertificateWatcher {
    this.#context = new ServerSslContext({ certificates: [this.#filesOf(folder)] });
    const options = { clock: this.clock, debounceMs: DEBOUNCE_MS };
    const watcher = new CertificateWatcher(this.#context, silentLogger, options);
    onTestFinished(() => watcher.close());
    return watcher;
  }

  /** Resolves when the watcher has been told of it. */
  async renew(folder: string, name: string): Promise<void> {
    this.#ca.renew(this.#filesOf(folder), [`DNS:${name}`]);
    await this.#stirred();
  }

  async reload(): Promise<void> {
    await this.#stirred();
    this.clock.advance(DEBOUNCE_MS);
  }

  path(name: string): string {
    return join(this.#root, name);
  }

  async #stirred(): Promise<void> {
    await eventually(() => {
      const msToNext = this.clock.msToNext();
      return msToNext >= 0 && msToNext <= DEBOUNCE_MS;
    });
  }

  #filesOf(folder: string) {
    return { certFile: this.path(`${folder}/cert.pem`), keyFile: this.path(`${folder}/key.pem`) };
  }
}
