import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseCommandLine, startReferenceGateway, stopReferenceGateway } from '@sluice/cli';
import { silentLogger } from '@sluice/core';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { RawOrigin } from './support/raw-origin.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

// A device of Linux on which every write fails with ENOSPC.
const FULL_DISK = '/dev/full';

it('has one entry for each request, answered, refused and aborted ones alike', async () => {
  const origin = await RawOrigin.listen();
  const { port, entries } = await start(origin.port);
  const answered = await dial(port);
  answered.send('GET /a HTTP/1.1\r\nHost: a\r\n\r\n');
  const wire = await origin.connection();
  await wire.take(/\r\n\r\n$/);
  wire.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  await answered.take(/ok$/);
  const refused = await dial(port);
  refused.send('nonsense\r\n\r\n');
  await refused.ended;
  const aborted = await dial(port);
  aborted.send('GET /b HTTP/1.1\r\nHost: a\r\n\r\n');
  await wire.take(/\/b [^]*\r\n\r\n$/);
  aborted.socket.resetAndDestroy();
  await wire.ended;

  const lines = await entries();
  // What the format names, and nothing else.
  expect(lines[0]).not.toHaveProperty('level');
  expect(lines).toMatchObject([
    {
      method: 'GET',
      target: '/a',
      status: 200,
      statusCategory: 'SUCCESS',
      answeredBy: 'proxy',
      origin: 'origin',
      upstreamHost: `127.0.0.1:${origin.port}`,
      reason: 'SESSION_COMPLETE',
    },
    { status: 400, statusCategory: 'FAILURE_CLIENT_BAD_REQUEST', answeredBy: 'error' },
    { method: 'GET', target: '/b', statusCategory: 'FAILURE_CLIENT_CANCELLED' },
  ]);
});

it('can not be made to write a line of the client', async () => {
  const origin = await RawOrigin.listen();
  const { port, text } = await start(origin.port, 'combined');
  const client = await dial(port);
  const head = 'GET /\x22\\x0a127.0.0.1 HTTP/1.1\r\nHost: a\r\nUser-Agent: a\tb\xff\x22 "-"\r\n\r\n';
  client.send(Buffer.from(head, 'latin1'));
  await client.ended;

  const lines = (await text()).trimEnd().split('\n');

  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[\x20-\x7e]*$/);
});

it.skipIf(!existsSync(FULL_DISK))('counts the lines that a full disk costs, not the writes', async () => {
  const port = await startHttpOrigin((_request, response) => response.end('ok'));
  const { port: gatewayPort, stop, metrics } = await startWith(FULL_DISK, port);
  const client = await dial(gatewayPort);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(10));
  await client.take(/(?:\r\n\r\nok[^]*?){10}/);
  await stop();

  expect(await exposition(metrics)).toContain('\naccess_log_dropped_total 10\n');
});

async function start(originPort: number, format?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'access.log');
  const { port, stop } = await startWith(file, originPort, format);
  // A clean stop loses no line.
  const text = async (): Promise<string> => {
    await stop();
    return readFile(file, 'utf8');
  };
  const entries = async (): Promise<unknown[]> =>
    (await text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  return { port, text, entries };
}

/** The reference gateway with an access log in this file. */
async function startWith(file: string, originPort: number, format = 'json') {
  const args = ['proxy', '--listen', '127.0.0.1:0', '--access-log', file, '--access-log-format', format];
  const servers = [{ host: '127.0.0.1', port: originPort }];
  const running = await startReferenceGateway(
    parseCommandLine(args),
    { origins: [{ name: 'origin', servers }], routes: [{ origin: 'origin' }] },
    silentLogger,
  );
  const [address] = running.gateways[0]?.addresses ?? [];
  if (address === undefined || 'path' in address) throw new Error('The gateway has no port.');
  return { port: address.port, metrics: running.metrics, stop: () => stopReferenceGateway(running) };
}
