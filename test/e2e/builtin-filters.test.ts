import { randomBytes } from 'node:crypto';
import { CompressionOptions, BUILTIN_FILTERS } from '@sluice/builtin-filters';
import { silentLogger } from '@sluice/core';
import { Gateway } from '@sluice/gateway';
import { LEAST_HANDLERS } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpOrigin } from './support/start-gateway.ts';

const MIB = 1024 * 1024;

describe('compression, as a client that is not ours reads it', () => {
  it.each([
    ['br', 10_000],
    ['gzip', 10_000],
    ['gzip', 5 * MIB],
    ['br', 5 * MIB],
  ])('with %s, a body of %i bytes is whole', async (coding, size) => {
    const body = mixedText(size);
    const origin = await startHttpOrigin((_request, response) => {
      response.setHeader('content-type', 'text/plain');
      response.end(body);
    });
    const url = await startCompressing(origin);

    const response = await fetch(url, { headers: { 'accept-encoding': coding } });

    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(await response.text()).toBe(body);
  });

  it('events come one by one', async () => {
    let send: (event: string) => void = () => {};
    const origin = await startHttpOrigin((_request, response) => {
      response.setHeader('content-type', 'text/event-stream');
      response.flushHeaders();
      send = (event) => response.write(event);
    });
    const url = await startCompressing(origin);

    const response = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const seen: unknown[] = [];
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      send(event);
      seen.push((await reader?.read())?.value);
    }
    await reader?.cancel();

    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(seen).toEqual(['data: 1\n\n', 'data: 2\n\n']);
  });
});

/** A gateway that compresses; returns its URL. */
async function startCompressing(originPort: number): Promise<string> {
  const filters = BUILTIN_FILTERS.find(({ name }) => name === 'compression')?.filters ?? [];
  const gateway = new Gateway({
    listeners: [{ address: { host: '127.0.0.1', port: 0 }, handlers: LEAST_HANDLERS }],
    filters,
    modules: [
      new ContainerModule(
        ({ bind }) => void bind(CompressionOptions).toConstantValue(new CompressionOptions()),
      ),
    ],
    origins: [{ name: 'origin', servers: [{ host: '127.0.0.1', port: originPort }] }],
    routes: [{ origin: 'origin' }],
    logger: silentLogger,
  });
  await gateway.start();
  onTestFinished(() => gateway.stop());
  const [address] = gateway.addresses;
  return `http://127.0.0.1:${address !== undefined && 'port' in address ? address.port : 0}/`;
}

/** Text of which about a half can be compressed. */
function mixedText(length: number): string {
  return `${randomBytes(length / 4).toString('hex')}${'the same again '.repeat(length)}`.slice(0, length);
}
