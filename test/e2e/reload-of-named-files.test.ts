import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { hashPassword } from '@sluice/builtin-filters';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';

const RELOADED = 'The configuration was reloaded.';
const REFUSED = 'The configuration was refused';
const HASH = await hashPassword('secret', { ln: 1, r: 1, p: 1 });

describe('a file of users that changes alone', { timeout: 30_000 }, () => {
  it.each([[[]], [['--workers', '2']]])('counts, without a change of the configuration: %s', async (args) => {
    const folder = newFolder();
    const users = join(folder, 'users');
    writeFileSync(users, `ada:${HASH}\nbob:${HASH}\n`);
    const origin = await startHttpOrigin((_request, response) => response.end());
    const gateway = await started(folder, args, [
      `filters: [{ name: basic-auth, options: { usersFile: '${users}' } }]`,
      `origins: [{ name: web, servers: ['127.0.0.1:${origin}'] }]`,
    ]);
    const statuses = () => Promise.all(['ada', 'bob'].map((name) => statusFor(gateway.port, name)));
    expect(await statuses()).toEqual([200, 200]);

    writeFileSync(users, `bob:${HASH}\n`);
    await gateway.logs(RELOADED, 1);
    expect(gateway.stderr).toContain(`${users} has other contents`);
    expect(await statuses()).toEqual([401, 200]);

    writeFileSync(users, 'bob:nothing\n');
    await gateway.logs(REFUSED, 1);
    expect(await statuses()).toEqual([401, 200]);

    writeFileSync(users, `ada:${HASH}\n`);
    await gateway.logs(RELOADED, 2);
    expect(await statuses()).toEqual([200, 401]);
  });
});

describe.skipIf(openssl === undefined)(
  'certificates for origins that change alone',
  { timeout: 30_000 },
  () => {
    it('are shown and asked for from then on', async () => {
      const [folder, other] = [newFolder(), newFolder()];
      const ca = new TestCa('Before', folder);
      const own = ca.issue([], 'before');
      const origin = await mutualOrigin(ca);
      const gateway = await started(
        folder,
        [],
        [
          `origins: [{ name: web, servers: ['127.0.0.1:${origin.port}'], tls: { ca: ['${ca.caFile}'], certificate: { certFile: '${own.certFile}', keyFile: '${own.keyFile}' } } }]`,
        ],
      );
      expect((await ask(gateway.port)).body.toString()).toBe('before');

      ca.renew(own, [], 'after');
      await gateway.logs(RELOADED, 1);
      expect((await ask(gateway.port)).body.toString()).toBe('after');

      writeFileSync(ca.caFile, new TestCa('Another', other).pem);
      await gateway.logs(RELOADED, 2);
      expect((await ask(gateway.port)).headers['proxy-status']).toContain('tls_certificate_error');
    });
  },
);

/** Answers with the name in the certificate of its client. */
async function mutualOrigin(ca: TestCa): Promise<{ readonly port: number }> {
  const { certFile, keyFile } = ca.issue(['IP:127.0.0.1']);
  const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
  const server = createServer({ cert, key, ca: ca.pem, requestCert: true }, ({ socket }, response) =>
    response.end((socket as TLSSocket).getPeerCertificate().subject.CN),
  ).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-named-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function started(
  folder: string,
  args: readonly string[],
  lines: readonly string[],
): Promise<GatewayProcess> {
  const config = join(folder, 'gateway.yaml');
  writeFileSync(
    config,
    ['listeners: [{ address: "127.0.0.1:0" }]', ...lines, 'routes: [{ origin: web }]', ''].join('\n'),
  );
  const gateway = new GatewayProcess(['run', '--config', config, ...args]);
  await gateway.says(/try: .*\n/);
  return gateway;
}

async function statusFor(port: number, name: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${name}:secret`).toString('base64')}`;
  return (await ask(port, { headers: { authorization } })).status;
}
