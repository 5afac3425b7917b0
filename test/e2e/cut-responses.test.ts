import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openssl, TestCa } from '../support/certificates.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { dialTls } from './support/tls-client.ts';
import { dial } from './support/wire.ts';

// To such a client the end of the body is that of the connection.
const REQUEST = 'GET / HTTP/1.0\r\nHost: a.test\r\n\r\n';

it(
  'a response that ends with its connection is whole, and logged as a success',
  { timeout: 20_000 },
  async () => {
    const body = randomBytes(4 * 1024 * 1024);
    const { port, entries } = await serving([], (_request, response) => {
      response.write(body);
      response.end('the end');
    });
    const client = await dial(port);
    client.send(REQUEST);

    expect(await client.ended).toBe('fin');
    expect(client.received.slice(client.received.indexOf('\r\n\r\n') + 4)).toHaveLength(body.length + 7);
    expect(await entries()).toMatchObject([
      { status: 200, statusCategory: 'SUCCESS', reason: 'SESSION_COMPLETE' },
    ]);
  },
);

describe('a response that a drain cuts', { timeout: 20_000 }, () => {
  it('ends with a reset, and is not logged as a success', async () => {
    const { gateway, port, entries } = await serving();
    const client = await dial(port);
    await client.send(REQUEST).take(/begun$/);
    const report = await gateway.drain({ timeoutMs: 0 });

    expect(report.forced).toBe(1);
    expect(await client.ended).toBe('rst');
    expect(await entries()).toMatchObject([
      {
        status: 200,
        statusCategory: 'FAILURE_LOCAL',
        responseCodeDetails: 'downstream_local_disconnect',
        reason: 'CLOSE',
      },
    ]);
  });

  describe.skipIf(openssl === undefined)('over TLS', () => {
    let ca: TestCa;
    beforeAll(() => void (ca = new TestCa()));
    afterAll(() => ca.remove());

    it('ends without a close_notify', async () => {
      const { certFile, keyFile } = ca.issue(['DNS:a.test']);
      const { gateway, port } = await serving(['--tls-cert', certFile, '--tls-key', keyFile]);
      const client = await dialTls(port, { ca: ca.pem });
      client.write(REQUEST);
      await once(client, 'data');
      const lost = once(client, 'error');
      await gateway.drain({ timeoutMs: 0 });

      expect(await lost).toMatchObject([{ code: 'ECONNRESET' }]);
    });
  });
});

const neverEnding: RequestListener = (_request, response) => void response.write('begun');

/** A gateway before an origin, and its access log. */
async function serving(args: readonly string[] = [], listener: RequestListener = neverEnding) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const origin = await startHttpOrigin(listener);
  const log = join(folder, 'access.log');
  const started = await startGateway(origin, {}, [
    '--access-log',
    log,
    '--access-log-format',
    'json',
    ...args,
  ]);
  const entries = async (): Promise<object[]> => {
    await started.stop();
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as object);
  };
  return { ...started, entries };
}
