import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import type { CertificateFiles } from '../support/certificates.ts';
import { findPeer } from '../support/process/find-program.ts';
import { bodyOf } from './support/http-client.ts';
import { sClient } from './support/s-client.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { askTls, dialTls, sendAndReset } from './support/tls-client.ts';
import { dial, sha256 } from './support/wire.ts';

const run = promisify(execFile);
const curl = findPeer('curl');

const REQUEST = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';

describe.skipIf(openssl === undefined)('TLS with clients', { timeout: 20_000 }, () => {
  let ca: TestCa;
  let files: CertificateFiles;
  let args: readonly string[];

  beforeAll(() => {
    ca = new TestCa();
    files = ca.issue(['DNS:a.test', 'IP:127.0.0.1']);
    args = ['--tls-cert', files.certFile, '--tls-key', files.keyFile];
  });

  afterAll(() => ca.remove());

  it('sends bodies of a megabyte through whole, both ways', async () => {
    const origin = await startHttpOrigin(async (request, response) => response.end(await bodyOf(request)));
    const { port } = await startGateway(origin, {}, args);
    const body = randomBytes(1024 * 1024);
    const answer = await askTls(port, { method: 'POST', ca: ca.pem }, body);

    expect(answer.status).toBe(200);
    expect(sha256(answer.body)).toBe(sha256(body));
  });

  it('tells the origin that the client came with https', async () => {
    const origin = await startHttpOrigin((request, response) =>
      response.end(request.headers['x-forwarded-proto']),
    );
    const { port } = await startGateway(origin, {}, args);

    expect((await askTls(port, { ca: ca.pem })).body.toString()).toBe('https');
  });

  it('takes a target in absolute form with https, and refuses one with http', async () => {
    const origin = await startHttpOrigin((request, response) => response.end(request.url));
    const { port } = await startGateway(origin, {}, args);

    expect((await askTls(port, { ca: ca.pem, path: 'https://a.test/x' })).body.toString()).toBe('/x');
    expect((await askTls(port, { ca: ca.pem, path: 'http://a.test/x' })).status).toBe(400);
  });

  it('serves several requests on one connection', async () => {
    const origin = await startHttpOrigin((request, response) => response.end(`${request.url};`));
    const { port } = await startGateway(origin, {}, args);
    const client = await dialTls(port, { ca: ca.pem });
    client.write(
      'GET /a HTTP/1.1\r\nHost: a.test\r\n\r\nGET /b HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n',
    );
    const text = (await bodyOf(client)).toString();

    expect(text.match(/\/[ab];/g)).toEqual(['/a;', '/b;']);
  });

  it('ends with a close_notify, so that openssl has no truncation to report', async () => {
    const origin = await startHttpOrigin((_request, response) => response.end('all'));
    const { port } = await startGateway(origin, {}, args);
    const said = await sClient(port, ['-quiet', '-CAfile', ca.caFile], REQUEST);

    expect(said).toContain('all');
    expect(said).not.toContain('unexpected eof');
  });

  it('answers a client that has closed its half', async () => {
    const origin = await startHttpOrigin((_request, response) => response.end('late'));
    const { port } = await startGateway(origin, {}, args);
    const client = await dialTls(port, { ca: ca.pem });
    client.end('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');

    expect((await bodyOf(client)).toString()).toContain('late');
  });

  it('stops reading from the origin while the client takes nothing', async () => {
    const piece = randomBytes(1024 * 1024);
    let sent = 0;
    const origin = await startHttpOrigin(async (_request, response) => {
      for (let left = 64; left > 0; left--) {
        sent++;
        if (!response.write(piece)) await once(response, 'drain');
      }
      response.end();
    });
    const { port } = await startGateway(origin, {}, args);
    const client = await dialTls(port, { ca: ca.pem });
    client.pause();
    client.write(REQUEST);
    await settled(() => sent);
    const before = sent;
    const all = await bodyOf(client);

    expect(before).toBeLessThan(64);
    expect(all.length).toBeGreaterThan(64 * piece.length);
  });

  it('takes the connection down when the client resets it', async () => {
    const origin = await startHttpOrigin((_request, response) => void response.write('begin'));
    const { gateway, port } = await startGateway(origin, {}, args);
    const wire = await dial(port);
    const client = await dialTls(port, { ca: ca.pem, socket: wire.socket });
    client.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await once(client, 'data');
    wire.socket.resetAndDestroy();
    while (gateway.connectionCount > 0) await new Promise(setImmediate);

    expect(gateway.connectionCount).toBe(0);
  });

  it('sees that a client is gone that resets the connection right behind its request', async () => {
    const origin = await startHttpOrigin((_request, response) => void response.write('begin'));
    const { gateway, port } = await startGateway(origin, {}, args);
    const { socket } = await dial(port);
    await sendAndReset(socket, ca.pem, REQUEST);
    while (gateway.connectionCount > 0) await new Promise(setImmediate);

    expect(gateway.connectionCount).toBe(0);
  });

  describe('versions', () => {
    it.each([
      ['-tls1_2', /Protocol *: TLSv1\.2/],
      ['-tls1_3', /New, TLSv1\.3/],
    ])('speaks %s', async (version, pattern) => {
      const { port } = await startGateway(9, {}, args);

      expect(await sClient(port, [version, '-CAfile', ca.caFile])).toMatch(pattern);
    });

    it('refuses TLS 1.1', async () => {
      const { port } = await startGateway(9, {}, args);
      const said = await sClient(port, ['-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0']);

      expect(said).toMatch(/alert protocol version/);
    });

    it('ends the connection of a client that renegotiates', async () => {
      const { port, gateway } = await startGateway(9, {}, args);
      const said = await sClient(port, ['-tls1_2'], 'R\n');

      expect(said).toContain('RENEGOTIATING');
      expect(said).not.toMatch(/RENEGOTIATING\n(?:.*\n)*verify return/);
      expect(gateway.connectionCount).toBe(0);
    });
  });

  describe('ALPN', () => {
    it.each([
      ['h2,http/1.1', 'http/1.1'],
      ['http/1.0,http/1.1', 'http/1.1'],
      ['http/1.0', 'http/1.0'],
    ])('of a client that offers %s takes %s', async (offered, taken) => {
      const { port } = await startGateway(9, {}, args);

      expect(await sClient(port, ['-alpn', offered])).toContain(`ALPN protocol: ${taken}\n`);
    });

    it('goes on without when the client offers none', async () => {
      const { port } = await startGateway(9, {}, args);

      expect(await sClient(port, [])).toContain('No ALPN negotiated');
    });

    it('refuses a client that offers others alone', async () => {
      const { port } = await startGateway(9, {}, args);

      expect(await sClient(port, ['-alpn', 'h2'])).toMatch(/alert no application protocol/);
    });
  });

  describe('SNI', () => {
    it.each([
      ['one.test', 'CN = one'],
      ['ONE.test', 'CN = one'],
      ['x.two.test', 'CN = two'],
      ['x.y.two.test', 'CN = first'],
      ['other.test', 'CN = first'],
    ])('shows for %s the certificate %s', async (name, subject) => {
      const { port } = await startGateway(9, {}, severalCertificates());

      expect(await sClient(port, ['-servername', name])).toContain(`subject=${subject}`);
    });

    it('shows the first certificate to a client without a name', async () => {
      const { port } = await startGateway(9, {}, severalCertificates());

      expect(await sClient(port, ['-noservername'])).toContain('subject=CN = first');
    });

    function severalCertificates(): readonly string[] {
      const certificates = [
        ca.issue(['DNS:a.test'], 'first'),
        ca.issue(['DNS:one.test'], 'one'),
        ca.issue(['DNS:*.two.test'], 'two'),
      ];
      return certificates.flatMap(({ certFile, keyFile }) => ['--tls-cert', certFile, '--tls-key', keyFile]);
    }
  });

  describe('sessions', () => {
    it.each(['-tls1_2', '-tls1_3'])('are taken up again with %s, also after a reload', async (version) => {
      const own = ca.issue(['DNS:a.test']);
      const origin = await startHttpOrigin((_request, response) => response.end());
      const { port, certificates } = await startGateway(origin, {}, [
        '--tls-cert',
        own.certFile,
        '--tls-key',
        own.keyFile,
      ]);
      const session = join(ca.folder, `session${version}`);
      const first = await sClient(port, [version, '-sess_out', session], REQUEST);
      const second = await sClient(port, [version, '-sess_in', session], REQUEST);
      ca.renew(own, ['DNS:a.test'], 'renewed');

      expect(first).toMatch(/^New, /m);
      expect(second).toMatch(/^Reused, /m);
      expect(certificates.reload()).toBe(true);
      expect(await sClient(port, [version, '-sess_in', session], REQUEST)).toMatch(/^Reused, /m);
    });
  });

  it.skipIf(curl === undefined)('satisfies curl', async () => {
    const origin = await startHttpOrigin((_request, response) => response.end('hello'));
    const { port } = await startGateway(origin, {}, args);
    const { stdout } = await run(curl ?? '', ['-sS', '--cacert', ca.caFile, `https://127.0.0.1:${port}/`]);

    expect(stdout).toBe('hello');
  });
});

/** Waits until a figure has not changed for some turns of the event loop in a row. */
async function settled(figure: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 200; same = figure() === last ? same + 1 : 0) {
    last = figure();
    await new Promise(setImmediate);
  }
}
