import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions, TLSSocket } from 'node:tls';
import { silentLogger } from '@sluice/core';
import { ClientSslContext } from '@sluice/handler-tls';
import type { ClientSslOptions } from '@sluice/handler-tls';
import type { OriginOptions } from '@sluice/origin';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import type { CertificateFiles } from '../support/certificates.ts';
import { cutRelay } from './support/cut-relay.ts';
import { ask } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { startGatewayWith, startHttpOrigin } from './support/start-gateway.ts';
import { TestLog } from './support/test-log.ts';
import { dial } from './support/wire.ts';

describe.skipIf(openssl === undefined)('TLS with origins', { timeout: 20_000 }, () => {
  let ca: TestCa;

  beforeAll(() => {
    ca = new TestCa();
  });

  afterAll(() => ca.remove());

  it('sends requests to an origin whose certificate is good for its address', async () => {
    const origin = await httpsOrigin(['IP:127.0.0.1']);
    const { port } = await gatewayTo(origin.port, {});
    const answers = [await ask(port, { path: '/a' }), await ask(port, { path: '/b' })];

    expect(answers.map(({ body }) => body.toString())).toEqual(['/a', '/b']);
    expect(origin.connections).toHaveLength(1);
  });

  it.each([
    [
      'opens tunnels with it',
      ['IP:127.0.0.1'],
      /^HTTP\/1\.1 200 OK\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*\/in-tunnel/,
    ],
    ['opens no tunnel to a server that is not verified', ['DNS:other.test'], /^HTTP\/1\.1 502 /],
  ])('%s', async (_, names, received) => {
    const origin = await httpsOrigin(names);
    const args = ['--set', 'http-server-codec.allowConnect=true'];
    const servers = [{ host: '127.0.0.1', port: origin.port }];
    const { port } = await startGatewayWith(
      { name: 'origin', servers, tls: { ca: [{ file: ca.caFile }] } },
      {},
      args,
      silentLogger,
      { connect: true },
    );
    const client = await dial(port);
    client.send('CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n');
    client.send('GET /in-tunnel HTTP/1.1\r\nHost: a\r\n\r\n');

    await client.take(received);
  });

  it('asks for the server name that is configured, and checks the certificate for it', async () => {
    const origin = await httpsOrigin(['DNS:api.test']);
    const { port } = await gatewayTo(origin.port, { serverName: 'api.test' });

    expect((await ask(port)).status).toBe(200);
    expect(origin.connections[0]?.servername).toBe('api.test');
  });

  it('names no server when it knows an address alone', async () => {
    const origin = await httpsOrigin(['IP:127.0.0.1']);
    const { port } = await gatewayTo(origin.port, {});
    await ask(port);

    expect(origin.connections[0]?.servername).toBeFalsy();
  });

  it('offers http/1.1', async () => {
    const origin = await httpsOrigin(['IP:127.0.0.1'], { ALPNProtocols: ['h2', 'http/1.1'] });
    const { port } = await gatewayTo(origin.port, {});
    await ask(port);

    expect(origin.connections[0]?.alpnProtocol).toBe('http/1.1');
  });

  it('shows its certificate to an origin that wants one', async () => {
    const own = ca.issue([], 'gateway');
    const origin = await httpsOrigin(['IP:127.0.0.1'], { requestCert: true, ca: ca.pem });
    const { port } = await gatewayTo(origin.port, { certificate: own });

    expect((await ask(port)).status).toBe(200);
    expect(origin.connections[0]?.getPeerCertificate().subject.CN).toBe('gateway');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'takes up its session on the next connection: %s',
    async (version) => {
      const origin = await httpsOrigin(['IP:127.0.0.1'], { maxVersion: version });
      const { port } = await gatewayTo(origin.port, {}, { maxRequestsPerConnection: 1 });
      await ask(port);
      await ask(port);

      expect(origin.reused).toEqual([false, true]);
    },
  );

  describe('answers 502 and says why', () => {
    it('for a certificate of another CA', async () => {
      const origin = await httpsOrigin(['IP:127.0.0.1']);
      const answer = await refused(origin.port, { ca: [] });

      expect(answer.proxyStatus).toContain('error=tls_certificate_error');
      expect(answer.warnings).toEqual([expect.stringMatching(/unable to verify|unable to get/)]);
      expect(origin.requests).toBe(0);
    });

    it('for a certificate that has expired', async () => {
      const origin = await httpsOrigin(['IP:127.0.0.1'], expired());
      const answer = await refused(origin.port, {});

      expect(answer.proxyStatus).toContain('error=tls_certificate_error');
      expect(answer.warnings).toEqual([expect.stringContaining('certificate has expired')]);
      expect(origin.requests).toBe(0);
    });

    it('for a certificate of another name', async () => {
      const origin = await httpsOrigin(['DNS:other.test']);
      const answer = await refused(origin.port, {});

      expect(answer.proxyStatus).toContain('error=tls_certificate_error');
      expect(answer.warnings).toEqual([expect.stringContaining("does not match certificate's altnames")]);
      expect(origin.requests).toBe(0);
    });

    it('for an origin that speaks plain HTTP', async () => {
      const origin = await startHttpOrigin((_request, response) => response.end('plain'));
      const answer = await refused(origin, {});

      expect(answer.proxyStatus).toContain('error=tls_protocol_error');
    });

    it('for an origin that has no version in common', async () => {
      const origin = await httpsOrigin(['IP:127.0.0.1'], { maxVersion: 'TLSv1.2' });
      const answer = await refused(origin.port, { minVersion: 'TLSv1.3' });

      expect(answer.proxyStatus).toContain('error=tls_alert_received');
    });

    it.each(['TLSv1.2', 'TLSv1.3'] as const)(
      'for an origin that wants a certificate: %s',
      async (version) => {
        const mutual = { requestCert: true, rejectUnauthorized: true, ca: ca.pem, maxVersion: version };
        const origin = await httpsOrigin(['IP:127.0.0.1'], mutual);
        const answer = await refused(origin.port, {});

        expect(answer.proxyStatus).toContain('error=tls_alert_received');
      },
    );

    it('for an origin that goes away in the handshake', async () => {
      const origin = await RawOrigin.listen((wire) => void wire.take(/./s).then(() => wire.socket.end()));
      const answer = await refused(origin.port, {});

      expect(answer.proxyStatus).toContain('error=connection_terminated');
    });
  });

  it('goes on with connections that are there when the certificate expires, and makes no others', async () => {
    const origin = await httpsOrigin(['IP:127.0.0.1']);
    const log = new TestLog();
    const { port } = await gatewayTo(origin.port, {}, {}, log);
    expect((await ask(port)).status).toBe(200);

    origin.use(expired());
    expect((await ask(port)).status).toBe(200);
    expect(origin.connections).toHaveLength(1);

    origin.connections[0]?.destroy();
    const answer = await ask(port);
    expect(answer.status).toBe(502);
    expect(answer.headers['proxy-status']).toContain('error=tls_certificate_error');

    origin.use(contentOf(ca.issue(['IP:127.0.0.1'])));
    expect((await ask(port)).status).toBe(200);
  });

  it('takes no session up again when the certificate of its server has expired meanwhile', async () => {
    const origin = await httpsOrigin(['IP:127.0.0.1']);
    let isLater = false;
    const clock = { epochMs: () => Date.now() + (isLater ? 3 * 86_400_000 : 0) };
    const context = new ClientSslContext('127.0.0.1', { ca: [{ file: ca.caFile }] }, clock);
    const connectOnce = async (): Promise<void> => {
      const raw = connect(origin.port, '127.0.0.1');
      await once(raw, 'connect');
      const socket = context.begin(raw, () => {});
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await once(socket.resume(), 'close');
    };
    await connectOnce();
    await connectOnce();
    isLater = true;
    await connectOnce();

    expect(origin.reused).toEqual([false, true, false]);
  });

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('an answer that ends with its connection: %s', (version) => {
    it('is whole with a close_notify', async () => {
      const { port } = await answering(version, (_request, response) => response.end('all of it'));
      const answer = await ask(port);

      expect(answer.body.toString()).toBe('all of it');
    });

    it('is cut without one, and so is what the client gets', async () => {
      const { port, cut, log } = await answering(version, (_request, response) =>
        response.write('a part of it'),
      );
      const client = await dial(port);
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await client.take(/a part of it\r\n/);
      cut();

      expect(await client.ended).toBe('rst');
      expect(client.received).toBe('');
      expect(log.lines.map(({ message }) => message)).toEqual([
        'A proxied request ended before its response was complete.',
      ]);
    });

    it('is whole without one when it says how long it is', async () => {
      const { port, cut } = await answering(version, (_request, response) => {
        response.setHeader('content-length', 4);
        response.write('four');
      });
      const client = await dial(port);
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await client.take(/four/);
      cut();
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

      await client.take(/four/);
    });
  });

  /** A gateway before an origin whose connections `cut` ends without a close_notify; answers end with their connection. */
  async function answering(maxVersion: 'TLSv1.2' | 'TLSv1.3', answer: RequestListener) {
    const origin = await httpsOrigin(['IP:127.0.0.1'], { maxVersion }, (request, response) => {
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      answer(request, response);
    });
    const relay = await cutRelay(origin.port);
    const log = new TestLog();
    const { port } = await gatewayTo(relay.port, {}, {}, log);
    return { port, cut: relay.cut, log };
  }

  it('answers 504 when an origin does not answer the handshake within the connect timeout', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await gatewayTo(origin.port, {}, { connectTimeoutMs: 50 });
    const answer = await ask(port);

    expect(answer.status).toBe(504);
    expect(answer.headers['proxy-status']).toContain('error=connection_timeout');
    await (
      await origin.connection()
    ).ended;
  });

  function expired(): CertificateContent {
    const files = ca.issue(['IP:127.0.0.1']);
    ca.expire(files, ['IP:127.0.0.1']);
    return contentOf(files);
  }

  async function refused(originPort: number, tls: Partial<ClientSslOptions>) {
    const log = new TestLog();
    const { port } = await gatewayTo(originPort, tls, {}, log);
    const [answer, again] = [await ask(port), await ask(port)];
    expect([answer.status, again.status]).toEqual([502, 502]);
    return {
      proxyStatus: answer.headers['proxy-status'],
      warnings: log.lines.map(({ error }) => String(error)),
    };
  }

  function gatewayTo(
    port: number,
    tls: Partial<ClientSslOptions>,
    options: Partial<OriginOptions> = {},
    log = new TestLog(),
  ) {
    const servers = [{ host: '127.0.0.1', port }];
    const origin = { name: 'origin', servers, options, tls: { ca: [{ file: ca.caFile }], ...tls } };
    return startGatewayWith(origin, {}, [], log.logger);
  }

  async function httpsOrigin(
    names: readonly string[],
    options: TlsOptions = {},
    listener: RequestListener = (request, response) => response.end(request.url),
  ) {
    const connections: TLSSocket[] = [];
    const sockets = new Set<Socket>();
    const reused: boolean[] = [];
    const use = (content: CertificateContent): void => server.setSecureContext(content);
    const origin = { port: 0, connections, reused, requests: 0, use };
    const answer: RequestListener = (request, response) => {
      origin.requests++;
      listener(request, response);
    };
    const server = createServer({ ...contentOf(ca.issue(names)), ...options }, answer);
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.on('secureConnection', (socket) => {
      connections.push(socket);
      reused.push(socket.isSessionReused());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    origin.port = (server.address() as AddressInfo).port;
    return origin;
  }
});

interface CertificateContent {
  readonly cert: Buffer;
  readonly key: Buffer;
}

function contentOf({ certFile, keyFile }: CertificateFiles): CertificateContent {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
