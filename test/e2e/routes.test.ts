import { silentLogger } from '@sluice/core';
import type { RouterDeclaration } from '@sluice/router';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseCommandLine, startReferenceGateway, stopReferenceGateway } from '@sluice/cli';
import { ask } from './support/http-client.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

describe('a gateway with routes', () => {
  it('rewrites path, host and fields of what the origin gets, and fields of what the client gets', async () => {
    const { port } = await gatewayWith({
      virtualHosts: [
        {
          domains: ['*.shop.example'],
          responseHeaders: { set: { 'x-served-by': 'shop' }, remove: ['x-secret'] },
          routes: [
            {
              path: { template: '/users/{id}/posts/{rest=**}' },
              origin: 'a',
              rewrite: { path: '/v2/{rest}/{id}', host: 'internal.example' },
              requestHeaders: { set: { 'x-tenant': 'shop' } },
            },
          ],
        },
      ],
    });
    const { body, headers } = await ask(port, {
      path: '/users/7/posts/a/b?q=1',
      headers: { host: 'eu.shop.example', 'x-tenant': 'forged' },
    });

    expect(JSON.parse(body.toString())).toEqual({
      origin: 'a',
      url: '/v2/a/b/7?q=1',
      host: 'internal.example',
      forwardedHost: 'eu.shop.example',
      tenant: 'shop',
    });
    expect(headers['x-served-by']).toBe('shop');
    expect(headers['x-secret']).toBeUndefined();
  });

  it('keeps a connection whose request it answers itself, for each way in which the body comes', async () => {
    const { port } = await gatewayWith({ routes: [{ response: { status: 403, body: 'No.' } }] });
    const wire = await dial(port);
    const head = (fields: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n`;

    for (const pieces of [
      [`${head('Content-Length: 5')}12345`],
      [head('Content-Length: 5'), '123', '45'],
      [`${head('Transfer-Encoding: chunked')}5\r\n12345\r\n0\r\n\r\n`],
    ]) {
      for (const piece of pieces) wire.send(piece);
      const [response] = await wire.take(/^[^]*\r\n\r\nNo\.$/);
      expect(response).toMatch(/^HTTP\/1.1 403 /);
      expect(response).not.toMatch(/connection: close/i);
    }
  });

  it('redirects, and takes the body that comes with the request', async () => {
    const { port } = await gatewayWith({ routes: [{ redirect: { scheme: 'https', status: 308 } }] });
    const { status, headers } = await ask(
      port,
      { method: 'POST', path: '/x?q', headers: { host: 'a.example' } },
      Buffer.alloc(100_000),
    );

    expect([status, headers.location]).toEqual([308, 'https://a.example/x?q']);
  });

  it('answers directly, and to HEAD without the body', async () => {
    const { port } = await gatewayWith({
      routes: [{ path: { exact: '/robots.txt' }, response: { status: 200, body: 'User-agent: *\n' } }],
    });
    const client = await dial(port);
    client.send('HEAD /robots.txt HTTP/1.1\r\nhost: a\r\n\r\nGET /robots.txt HTTP/1.1\r\nhost: a\r\n\r\n');

    await client.take(
      /^HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)*content-length: 14\r\n(?:[^\r]+\r\n)*\r\nHTTP\/1\.1 200/i,
    );
    await client.take(/\r\n\r\nUser-agent: \*\n$/);
  });

  it('shares requests between origins by their weights', async () => {
    const { port } = await gatewayWith({
      routes: [
        {
          origins: [
            { origin: 'a', weight: 1 },
            { origin: 'b', weight: 1 },
          ],
          sticky: { header: 'x-user' },
        },
      ],
    });
    const origins = await Promise.all(
      Array.from({ length: 40 }, async (_, user) => {
        const { body } = await ask(port, { headers: { 'x-user': `user-${user}` } });
        return (JSON.parse(body.toString()) as { origin: string }).origin;
      }),
    );

    expect(new Set(origins)).toEqual(new Set(['a', 'b']));
  });

  it('answers 404 where no route matches, and 400 where the path could mean two routes', async () => {
    const { port } = await gatewayWith({ routes: [{ path: { segmentPrefix: '/public' }, origin: 'a' }] });
    const missing = await ask(port, { path: '/private' });
    const ambiguous = await ask(port, { path: '/public/../private' });

    expect(missing.status).toBe(404);
    expect(missing.headers['proxy-status']).toBe('sluice; error=destination_not_found');
    expect(ambiguous.status).toBe(400);
    expect(ambiguous.headers['proxy-status']).toBe('sluice; error=http_request_error');
  });
});

async function startOrigins() {
  const [a, b] = await Promise.all(['a', 'b'].map(startOrigin));
  return [a, b].flatMap((origin) => origin ?? []);
}

async function startOrigin(name: string) {
  const port = await startHttpOrigin(({ url, headers }, response) => {
    response.setHeader('x-secret', '1');
    response.end(
      JSON.stringify({
        origin: name,
        url,
        host: headers.host,
        forwardedHost: headers['x-forwarded-host'],
        tenant: headers['x-tenant'],
      }),
    );
  });
  return { name, servers: [{ host: '127.0.0.1', port }] };
}

async function gatewayWith(routes: RouterDeclaration): Promise<{ readonly port: number }> {
  const running = await startReferenceGateway(
    parseCommandLine(['proxy', '--listen', '127.0.0.1:0']),
    { origins: await startOrigins(), ...routes },
    silentLogger,
  );
  onTestFinished(() => stopReferenceGateway(running));
  const [address] = running.gateways[0]?.addresses ?? [];
  if (address === undefined || 'path' in address) throw new Error('The gateway has no port.');
  return { port: address.port };
}
