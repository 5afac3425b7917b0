import { expect, it } from 'vitest';
import { spawnGateway } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const LOST = 'The access log was not written to its end in time; the rest is lost.';

it.each([
  ['a program', []],
  ['a worker', ['--workers', '2']],
])('%s whose access log nobody reads ends by SIGTERM', { timeout: 40_000 }, async (_what, args) => {
  const origin = await startHttpOrigin((request, response) =>
    response.end(request.url === '/last' ? 'last' : ''),
  );
  const gateway = await spawnGateway([
    '--to',
    `http://127.0.0.1:${origin}`,
    '--access-log',
    'stdout',
    ...args,
  ]);
  gateway.stopReading();
  const client = await dial(gateway.port);
  // 1 MB of lines: more than the pipe and its reader hold.
  for (const target of [...Array.from({ length: 500 }, () => 'x'.repeat(2_000)), 'last'])
    client.send(`GET /${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await client.take(/last$/);
  client.socket.end();
  gateway.kill('SIGTERM');

  expect(await gateway.exit()).toBe(0);
  expect(gateway.stderr).toContain(LOST);
  expect(gateway.stderr).toMatch(/"lines":[1-9]/);
});
