import { VirtualClock } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { Certificate, CertificateExpiryWatch } from '@sluice/handler-tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openssl, TestCa } from '../../../test/support/certificates.ts';

const DAY_MS = 86_400_000;

describe.skipIf(openssl === undefined)('CertificateExpiryWatch', () => {
  let ca: TestCa;

  beforeAll(() => {
    ca = new TestCa();
  });

  afterAll(() => ca.remove());

  it('tells once that a certificate ends soon, and once that it has', () => {
    const certificate = Certificate.load(ca.issue(['DNS:a.test']));
    const bench = new Bench([certificate], certificate.notAfter.getTime() - 20 * DAY_MS);
    bench.pass(5);
    expect(bench.lines).toEqual([]);
    bench.pass(2);
    expect(bench.lines).toEqual(['warn A certificate expires soon.']);
    bench.pass(12);
    expect(bench.lines).toHaveLength(1);
    bench.pass(2);
    expect(bench.lines[1]).toBe('error A certificate has expired: clients will refuse it.');
    bench.pass(5);
    expect(bench.lines).toHaveLength(2);
  });

  it('tells at once of one that has expired already, and no more when it was replaced', () => {
    const files = ca.issue(['DNS:a.test']);
    ca.expire(files, ['DNS:a.test']);
    const certificates = [Certificate.load(files)];
    const bench = new Bench(certificates, Date.now());
    expect(bench.lines).toEqual(['error A certificate has expired: clients will refuse it.']);

    ca.renew(files, ['DNS:a.test']);
    certificates[0] = Certificate.load(files);
    bench.watch.check();
    expect(bench.lines.slice(1)).toEqual(['warn A certificate expires soon.']);
  });

  it('goes by the wall clock, also when that is set', () => {
    const certificate = Certificate.load(ca.issue(['DNS:a.test']));
    const bench = new Bench([certificate], certificate.notAfter.getTime() - 100 * DAY_MS);
    bench.epochMs += 100 * DAY_MS;
    bench.clock.advance(3_600_000);

    expect(bench.lines).toEqual(['error A certificate has expired: clients will refuse it.']);
  });

  it('has no timer once it is closed', () => {
    const bench = new Bench([], 0);
    bench.watch.close();

    expect(bench.clock.pendingTimers).toBe(0);
  });
});

class Bench {
  readonly clock: VirtualClock;
  readonly lines: string[] = [];
  readonly watch: CertificateExpiryWatch;
  /** The wall clock. */
  epochMs: number;

  constructor(certificates: readonly Certificate[], epochMs: number) {
    this.epochMs = epochMs;
    this.clock = new VirtualClock();
    this.clock.epochMs = () => this.epochMs;
    const keep = (level: string) => (_fields: object, message: string) =>
      void this.lines.push(`${level} ${message}`);
    const logger: Logger = {
      debug: keep('debug'),
      info: keep('info'),
      warn: keep('warn'),
      error: keep('error'),
    };
    this.watch = new CertificateExpiryWatch(() => certificates, { clock: this.clock, logger });
  }

  pass(days: number): void {
    for (let hours = 0; hours < days * 24; hours++) {
      this.epochMs += 3_600_000;
      this.clock.advance(3_600_000);
    }
  }
}
