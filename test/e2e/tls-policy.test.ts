import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import type { CertificateFiles } from '../support/certificates.ts';
import { ask, bodyOf } from './support/http-client.ts';
import { prefacedSocket } from './support/prefaced-socket.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { TestLog } from './support/test-log.ts';
import { askTls, dialTls } from './support/tls-client.ts';
import { dial } from './support/wire.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';

describe.skipIf(openssl === undefined)('TLS with clients that are', { timeout: 20_000 }, () => {
  let ca: TestCa;
  let files: CertificateFiles;
  let args: readonly string[];

  beforeAll(() => {
    ca = new TestCa();
    files = ca.issue(['DNS:a.test']);
    args = ['--tls-cert', files.certFile, '--tls-key', files.keyFile];
  });

  afterAll(() => ca.remove());

  describe('behind a load balancer', () => {
    const preface = 'PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n';

    // The preface has 46 bytes; the record header of the ClientHello follows it.
    it.each([0, 1, 20, 45, 46, 47, 50, 51, 54, 55, 60, 100])(
      'begins with a PROXY preface in one segment with the ClientHello, split after %i bytes',
      async (splitAt) => {
        const origin = await startHttpOrigin((request, response) =>
          response.end(request.headers['x-forwarded-for']),
        );
        const { port } = await startGateway(origin, {}, [...args, '--proxy-protocol', '127.0.0.1/32']);
        const socket = await prefacedSocket(port, preface, splitAt);
        const client = await dialTls(port, { ca: ca.pem, socket });
        client.write(REQUEST);

        expect((await bodyOf(client)).toString()).toMatch(/192\.0\.2\.1$/);
      },
    );
  });

  describe('asked for a certificate', () => {
    it('are let in with one of the CA, whose subject handlers and the access log see', async () => {
      const lines = `${ca.folder}/access.log`;
      const origin = await startHttpOrigin((_request, response) => response.end('in'));
      const format = '%DOWNSTREAM_PEER_SUBJECT% %DOWNSTREAM_TLS_VERSION% %REQUESTED_SERVER_NAME%';
      const log = ['--access-log', lines, '--access-log-format', format];
      const { port, stop } = await startGateway(origin, {}, [...args, ...mutual('required'), ...log]);
      const answer = await askTls(port, { ca: ca.pem, ...contentOf(ca.issue([], 'alice')) });

      expect(answer.body.toString()).toBe('in');
      await stop();
      expect(readFileSync(lines, 'utf8')).toBe('CN=alice TLSv1.3 a.test\n');
    });

    it.each(['TLSv1.2', 'TLSv1.3'] as const)(
      'are refused without one when it is required: %s',
      async (version) => {
        const { port, adminPort } = await startGateway(9, {}, [...args, ...mutual('required'), ...ADMIN]);

        await expect(askTls(port, { ca: ca.pem, maxVersion: version })).rejects.toThrow(
          /alert|certificate required/,
        );
        expect(await metrics(adminPort)).toContain(
          'failure_cause="ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"} 1',
        );
      },
    );

    it('are let in without one when it is optional', async () => {
      const origin = await startHttpOrigin((_request, response) => response.end('in'));
      const { port } = await startGateway(origin, {}, [...args, ...mutual('optional')]);

      expect((await askTls(port, { ca: ca.pem })).body.toString()).toBe('in');
    });

    it.each(['required', 'optional'])('are refused with one of another CA when it is %s', async (how) => {
      const stranger = new TestCa('Stranger');
      const { port, adminPort } = await startGateway(9, {}, [...args, ...mutual(how), ...ADMIN]);
      const certificate = contentOf(stranger.issue([], 'mallory'));
      stranger.remove();

      await expect(askTls(port, { ca: ca.pem, ...certificate })).rejects.toThrow(/socket hang up|ECONNRESET/);
      expect(await metrics(adminPort)).toMatch(/failure_cause="UNABLE_TO_[A-Z_]+"\} 1/);
    });

    it.each(['TLSv1.2', 'TLSv1.3'] as const)(
      'get no session to take up again when they are refused: %s',
      async (version) => {
        const stranger = new TestCa('Stranger');
        const certificate = contentOf(stranger.issue([], 'mallory'));
        stranger.remove();
        const { port } = await startGateway(9, {}, [...args, ...mutual('required')]);
        const shown = { servername: 'a.test', ca: ca.pem, maxVersion: version, ...certificate };
        const client = connect({ host: '127.0.0.1', port, ...shown });
        const sessions: Buffer[] = [];
        client.on('error', () => {});
        client.on('session', (session) => sessions.push(session));
        await new Promise((resolve) => client.once('close', resolve));

        expect(sessions).toEqual([]);
      },
    );
  });

  describe('mistaken about the port', () => {
    it('are told so in plain text, and counted', async () => {
      const { port, adminPort } = await startGateway(9, {}, [...args, ...ADMIN]);
      const answer = await ask(port);

      expect(answer.status).toBe(400);
      expect(answer.body.toString()).toContain('https://');
      expect(await metrics(adminPort)).toContain('cause="plain_http"} 1');
    });

    it('are sent away without a word when they speak something else, and counted', async () => {
      const { port, adminPort } = await startGateway(9, {}, [...args, ...ADMIN]);
      const wire = await dial(port);
      wire.send('\0\0\0');
      await wire.ended;

      expect(wire.received).toBe('');
      expect(await metrics(adminPort)).toContain('cause="not_tls"} 1');
    });

    it('are counted when they go without a word', async () => {
      const { port, adminPort } = await startGateway(9, {}, [...args, ...ADMIN]);
      const wire = await dial(port);
      wire.socket.end();
      await wire.ended;

      expect(await metrics(adminPort)).toContain('cause="closed"} 1');
    });
  });

  it('served count as handshakes, by version and cipher', async () => {
    const { port, adminPort } = await startGateway(9, {}, [...args, ...ADMIN]);
    await askTls(port, { ca: ca.pem });

    expect(await metrics(adminPort)).toMatch(
      /server_ssl_handshake_total\{id="http-\d+",success="true",protocol="TLSv1.3",ciphersuite="TLS_[A-Z0-9_]+",clientauth="NONE",failure_cause="none"\} 1/,
    );
  });

  describe('connected while certificates change', () => {
    it('go on, and new ones get the new certificate as soon as it is in its files', async () => {
      const own = ca.issue(['DNS:a.test'], 'old');
      const log = new TestLog();
      const { port, adminPort } = await startGateway(
        await startHttpOrigin((_request, response) => response.end('still')),
        {},
        ['--tls-cert', own.certFile, '--tls-key', own.keyFile, ...ADMIN],
        log.logger,
      );
      const before = await dialTls(port, { ca: ca.pem });
      ca.renew(own, ['DNS:a.test'], 'new');
      await log.line(/were read again/);
      const after = await dialTls(port, { ca: ca.pem });
      before.write(REQUEST);

      expect(before.getPeerCertificate().subject.CN).toBe('old');
      expect((await bodyOf(before)).toString()).toContain('still');
      expect(after.getPeerCertificate().subject.CN).toBe('new');
      expect(await metrics(adminPort)).toContain('server_ssl_certificate_reload_total{success="true"} 1');
    });

    it('and new ones get the old certificate when the new file is broken', async () => {
      const own = ca.issue(['DNS:a.test'], 'old');
      const log = new TestLog();
      const certificate = ['--tls-cert', own.certFile, '--tls-key', own.keyFile];
      const { port, adminPort } = await startGateway(9, {}, [...certificate, ...ADMIN], log.logger);
      writeFileSync(own.certFile, 'no certificate');
      const { error } = await log.line(/could not be read again/);
      const client = await dialTls(port, { ca: ca.pem });

      expect(client.getPeerCertificate().subject.CN).toBe('old');
      expect(String(error)).toContain(`The certificate file "${own.certFile}" holds no certificate in PEM.`);
      expect(await metrics(adminPort)).toContain('server_ssl_certificate_reload_total{success="false"} 1');
    });

    it('that have expired are told of, in the log and by the metric', async () => {
      const own = ca.issue(['DNS:a.test']);
      ca.expire(own, ['DNS:a.test']);
      const log = new TestLog();
      const { adminPort } = await startGateway(
        9,
        {},
        ['--tls-cert', own.certFile, '--tls-key', own.keyFile, ...ADMIN],
        log.logger,
      );
      const shown = new RegExp(`not_after_seconds\\{certificate="${own.certFile}"\\} (\\d+)`);
      const [, notAfter] = shown.exec(await metrics(adminPort)) ?? [];

      expect(Number(notAfter) * 1000).toBeLessThan(Date.now());
      expect(log.lines.map(({ message }) => message)).toContain(
        'A certificate has expired: clients will refuse it.',
      );
    });

    it('the end of their validity is a metric', async () => {
      const { adminPort } = await startGateway(9, {}, [...args, ...ADMIN]);
      const name = `server_ssl_certificate_not_after_seconds{certificate="${files.certFile}"}`;
      const line = (await metrics(adminPort)).split('\n').find((text) => text.startsWith(name));
      const days = (Number(line?.slice(name.length)) * 1000 - Date.now()) / 86_400_000;

      expect(Math.round(days)).toBe(2);
    });
  });

  function mutual(how: string): readonly string[] {
    return ['--tls-client-ca', ca.caFile, '--tls-client-auth', how];
  }
});

const ADMIN = ['--admin', '127.0.0.1:0'];

async function metrics(adminPort: number): Promise<string> {
  return (await ask(adminPort, { path: '/metrics' })).body.toString();
}

function contentOf({ certFile, keyFile }: CertificateFiles): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
