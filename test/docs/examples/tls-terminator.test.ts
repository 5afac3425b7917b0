import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { tlsTerminator } from '../../../examples/tls-terminator/tls-terminator.ts';
import { prefacedSocket } from '../../e2e/support/prefaced-socket.ts';
import { openssl, TestCa } from '../../support/certificates.ts';

const HEADER = 'PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n';

describe.skipIf(openssl === undefined)('the TLS terminator', () => {
  const ca = openssl === undefined ? undefined : new TestCa();
  afterAll(() => ca?.remove());

  it('tells the origin which client has asked, over TLS', async () => {
    const port = await start(ca, ['127.0.0.1']);

    expect(await ask(port, ca)).toContain('192.0.2.7 https');
  });

  it('takes no connection from anyone but the load balancer', async () => {
    const port = await start(ca, ['192.0.2.0/24']);

    await expect(ask(port, ca)).rejects.toThrow();
  });
});

async function start(ca: TestCa | undefined, loadBalancers: readonly string[]): Promise<number> {
  const origin = createServer(({ headers }, response) => {
    response.end([headers['x-forwarded-for'], headers['x-forwarded-proto']].join(' '));
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const { certFile = '', keyFile = '' } = ca?.issue(['DNS:a.test']) ?? {};
  const originPort = (origin.address() as AddressInfo).port;
  const gateway = tlsTerminator({ port: 0, originPort, certFile, keyFile, loadBalancers });
  await gateway.start();
  onTestFinished(async () => {
    await gateway.stop();
    origin.close();
  });
  const [address] = gateway.addresses;
  return address && 'port' in address ? address.port : 0;
}

async function ask(port: number, ca: TestCa | undefined): Promise<string> {
  const socket = await prefacedSocket(port, HEADER, 0);
  const tls = connectTls({ socket, servername: 'a.test', ca: ca?.pem ?? '' });
  onTestFinished(() => void tls.destroy());
  await once(tls, 'secureConnect');
  tls.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
  let answer = '';
  tls.setEncoding('latin1').on('data', (text: string) => void (answer += text));
  await once(tls, 'end');
  return answer;
}
