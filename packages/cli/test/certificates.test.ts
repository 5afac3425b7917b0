import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { silentLogger } from '@sluice/core';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { newTicketKeys } from '@sluice/handler-tls';
import type { ServerSslContext } from '@sluice/handler-tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../../../test/support/certificates.ts';
import type { CertificateFiles } from '../../../test/support/certificates.ts';
import { Certificates } from '../src/tls/certificates.ts';

describe.skipIf(openssl === undefined)('Certificates', () => {
  let ca: TestCa;
  let files: CertificateFiles;

  beforeAll(() => {
    ca = new TestCa();
    files = ca.issue(['DNS:a.test']);
  });

  afterAll(() => ca.remove());

  it('gives all listeners the same ticket keys, those that are made later too', async () => {
    const certificates = new Certificates(new MetricsRegistry(), silentLogger);
    onTestFinished(() => certificates.close());
    const first = await serve(certificates, 300);
    const before = await sessionFrom(first);
    expect([await isTakenUp(first, before), await isTakenUp(await serve(certificates, 301), before)]).toEqual(
      [true, true],
    );

    certificates.setTicketKeys(newTicketKeys());
    const after = await sessionFrom(first);
    const ports = [first, await serve(certificates, 302)];
    expect(await Promise.all(ports.map((port) => isTakenUp(port, before)))).toEqual([false, false]);
    expect(await Promise.all(ports.map((port) => isTakenUp(port, after)))).toEqual([true, true]);
  });

  /** Listens with a context of its own; `sessionTimeoutS` tells it from others. */
  async function serve(certificates: Certificates, sessionTimeoutS: number): Promise<number> {
    const context: ServerSslContext = certificates.contextFor({ certificates: [files], sessionTimeoutS });
    const server = createServer((raw) => void context.begin(raw, () => {}).resume()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function sessionFrom(port: number): Promise<Buffer> {
    const [session] = (await once(dial(port), 'session')) as [Buffer];
    return session;
  }

  async function isTakenUp(port: number, session: Buffer): Promise<boolean> {
    const client = dial(port, session);
    await once(client, 'secureConnect');
    return client.isSessionReused();
  }

  function dial(port: number, session?: Buffer) {
    const options = { host: '127.0.0.1', port, servername: 'a.test', ca: ca.pem };
    const client = connect({ ...options, ...(session !== undefined && { session }) });
    onTestFinished(() => void client.destroy());
    return client;
  }
});
