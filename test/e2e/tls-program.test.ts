import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import type { CertificateFiles } from '../support/certificates.ts';
import { GatewayProcess, spawnGateway } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { askTls } from './support/tls-client.ts';

const TO = ['proxy', '--to', 'http://127.0.0.1:9'];

describe.skipIf(openssl === undefined)('quick mode with TLS', { timeout: 20_000 }, () => {
  let ca: TestCa;
  let first: CertificateFiles;
  let second: CertificateFiles;

  beforeAll(() => {
    ca = new TestCa();
    first = ca.issue(['DNS:a.test']);
    second = ca.issue(['DNS:b.test'], 'second');
  });

  afterAll(() => ca.remove());

  it('says that it listens on https, and how to try it', async () => {
    const origin = await startHttpOrigin((_request, response) => response.end('here'));
    const gateway = await spawnGateway(['--to', `http://127.0.0.1:${origin}`, ...certificate(first)]);
    const url = `https://127.0.0.1:${gateway.port}`;

    expect(gateway.stdout).toContain(`sluice is listening on ${url}\n`);
    expect(gateway.stdout).toContain(`try:     curl -i -k ${url}/hello\n`);
    expect((await askTls(gateway.port, { ca: ca.pem })).body.toString()).toBe('here');
  });

  it('goes through another gateway over https', async () => {
    const origin = await startHttpOrigin((request, response) => response.end(request.headers.via));
    const inner = await spawnGateway([
      '--to',
      `http://127.0.0.1:${origin}`,
      ...certificate(ca.issue(['IP:127.0.0.1'])),
    ]);
    const to = ['--to', `https://127.0.0.1:${inner.port}`, '--upstream-ca', ca.caFile];
    const outer = await spawnGateway([...to, ...certificate(first)]);

    expect((await askTls(outer.port, { ca: ca.pem })).body.toString()).toBe('1.1 sluice, 1.1 sluice');
  });

  it('shows the handlers of TLS in explain, and only when it is configured', async () => {
    const plain = new GatewayProcess(['explain']);
    const tls = new GatewayProcess(['explain', ...certificate(first)]);
    await Promise.all([plain.exit(), tls.exit()]);

    expect(plain.stdout).not.toContain('SslHandler');
    expect(tls.stdout).toMatch(
      /MaxInboundConnectionsHandler[^]*SslHandler[^]*SslHandshakeInfoHandler[^]*HttpServerCodec/,
    );
  });

  it.each<[string, () => readonly string[], RegExp]>([
    [
      'a certificate without a key',
      () => [...TO, '--tls-cert', first.certFile],
      /Each --tls-cert needs its --tls-key, in the same order; got 1 --tls-cert and 0 --tls-key\./,
    ],
    [
      'a key without a certificate',
      () => [...TO, '--tls-key', first.keyFile],
      /got 0 --tls-cert and 1 --tls-key\./,
    ],
    [
      'a file that is not there',
      () => [...TO, ...certificate({ ...first, certFile: '/nowhere.pem' })],
      /The certificate file "\/nowhere\.pem" can't be read: there is no such file\. Name a PEM file\.\n/,
    ],
    [
      'the key of another certificate',
      () => [...TO, ...certificate({ ...first, keyFile: second.keyFile })],
      /does not belong to the certificate file ".*"\. Name the key that the certificate was made with\.\n/,
    ],
    [
      'a client CA without TLS',
      () => [...TO, '--tls-client-ca', ca.caFile],
      /--tls-client-ca needs TLS: give --tls-cert and --tls-key too\./,
    ],
    [
      'client authentication without a CA',
      () => [...TO, ...certificate(first), '--tls-client-auth', 'required'],
      /--tls-client-auth needs the CA of the certificates: give --tls-client-ca too\./,
    ],
    [
      'an unknown client authentication',
      () => [...TO, ...certificate(first), '--tls-client-ca', ca.caFile, '--tls-client-auth', 'yes'],
      /--tls-client-auth takes required or optional; got "yes"\./,
    ],
    [
      'an upstream CA for plain HTTP',
      () => [...TO, '--upstream-ca', ca.caFile],
      /--upstream-ca is for https:\/\/ origins/,
    ],
    [
      'an upstream CA that is not there',
      () => ['proxy', '--to', 'https://a.test', '--upstream-ca', '/nowhere.pem'],
      /The CA file "\/nowhere\.pem" can't be read: there is no such file\. Name a PEM file\.\n/,
    ],
    [
      'http and https origins together',
      () => [...TO, '--to', 'https://a.test'],
      /The --to of one origin are all http:\/\/ or all https:\/\/; got both\./,
    ],
  ])('ends with 2 for %s and says what to do', async (_what, args, message) => {
    const gateway = new GatewayProcess(args());

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stderr).toMatch(message);
    expect(gateway.stdout).toBe('');
  });

  function certificate({ certFile, keyFile }: CertificateFiles): readonly string[] {
    return ['--tls-cert', certFile, '--tls-key', keyFile];
  }
});
