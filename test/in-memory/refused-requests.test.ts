import { rawOrigin } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { referenceGateway } from './reference-gateway.ts';

describe('the access log', () => {
  it('has of a request that was refused what the client has sent', async () => {
    const { gateway, lines } = await referenceGateway(rawOrigin());
    const client = gateway.connectRaw();
    client.send(
      'POST /upload?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
    );

    expect(lines).toEqual([
      expect.objectContaining({
        method: 'POST',
        target: '/upload?x=1',
        authority: 'a',
        protocol: 'HTTP/1.1',
        status: 400,
        responseCodeDetails: 'http1.conflicting_framing',
      }),
    ]);
  });

  it('makes nothing up of a client that does not speak HTTP', async () => {
    const { gateway, lines } = await referenceGateway(rawOrigin());
    gateway.connectRaw().send('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');

    expect(lines).toEqual([
      expect.objectContaining({ method: null, target: null, authority: null, protocol: null, status: 400 }),
    ]);
  });
});

describe('a head that does not come in time', () => {
  it('is answered, logged and counted, and its client not cut off', async () => {
    const { gateway, lines } = await referenceGateway(rawOrigin());
    const client = gateway.connectRaw();
    client.send('GET /slow HTTP/1.1\r\nHost: a\r\nX: ');
    gateway.advance(15_000);

    expect(client.received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[^]*connection: close\r\n/);
    expect(lines).toEqual([
      expect.objectContaining({
        method: 'GET',
        target: '/slow',
        status: 408,
        statusCategory: 'FAILURE_CLIENT_TIMEOUT',
        responseFlags: null,
        responseCodeDetails: 'http1.head_timeout',
      }),
    ]);
    client.send('y\r\n\r\n');
    gateway.advance(1);
    expect(client.end).toBe('ended');
    expect(lines).toHaveLength(1);
  });

  it('is no request where nothing of it has come', async () => {
    const { gateway, lines } = await referenceGateway(rawOrigin());
    const client = gateway.connectRaw();
    gateway.advance(15_000);

    expect(client.received).toBe('');
    expect(client.end).toBe('ended');
    expect(lines).toEqual([]);
  });
});
