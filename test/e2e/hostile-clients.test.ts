import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const KIB = 1024;

describe('a client that sends', () => {
  it.each([
    ['bytes of no meaning', '\x00\x01\x02\xff\xfe no http at all\r\n\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['a head that is too large', `GET / HTTP/1.1\r\nHost: a\r\nx: ${'y'.repeat(40 * KIB)}\r\n\r\n`, 431],
    ['a request line that is too long', `GET /${'y'.repeat(10 * KIB)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ])('%s is told so and sent away; others are served meanwhile', async (_what, bytes, status) => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    });
    const { port } = await startGateway(origin.port);
    const good = await dial(port);
    const bad = await dial(port);
    const serve = async (): Promise<void> => {
      good.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await good.take(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok/);
    };
    await serve();
    bad.send(Buffer.from(bytes, 'latin1'));
    const [head] = await bad.take(/^HTTP\/1\.1 [^]*?\r\n\r\n/);

    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/connection: close\r\n/i);
    expect(head).toMatch(/content-type: application\/problem\+json\r\n/i);
    expect(await bad.ended).toBe('fin');
    await serve();
    expect(origin.accepted).toBe(1);
  });
});
