import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exampleGateway } from './example.ts';

describe('the example of the README', () => {
  it('answers by itself, from its origin, and with 404 for what has no route', async () => {
    const origin = createServer((request, response) => response.end(`api saw ${request.url}`));
    origin.listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const gateway = exampleGateway((origin.address() as AddressInfo).port);
    onTestFinished(async () => {
      await gateway.stop();
      origin.close();
    });
    await gateway.start();
    const [address] = gateway.addresses;
    if (address === undefined || 'path' in address) throw new Error('There is no port.');
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${address.port}${path}`, {
        headers: { connection: 'close' },
      });
      return [response.status, await response.text()];
    };

    expect(await get('/healthz')).toEqual([200, 'ok\n']);
    expect(await get('/api/a?b=c')).toEqual([200, 'api saw /api/a?b=c']);
    expect(await get('/other')).toEqual([404, expect.stringContaining('No route matches the request.')]);
  });

  it('is the file that runs here', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

    expect(read('../README.md')).toContain(read('example.ts'));
  });
});
