import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { GatewayProcess, spawnGateway } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';

const run = promisify(execFile);

describe('quick mode', { timeout: 20_000 }, () => {
  it('says where it listens and where it sends requests, and sends them there', async () => {
    const origin = await startHttpOrigin((_request, response) => response.end('here'));
    const gateway = await spawnGateway(['--to', `http://127.0.0.1:${origin}`]);

    expect(gateway.stdout).toContain(`sluice is listening on http://127.0.0.1:${gateway.port}\n`);
    expect(gateway.stdout).toContain(`/ → 127.0.0.1:${origin}\n`);
    expect((await ask(gateway.port)).body.toString()).toBe('here');
  });

  it('shares the requests out when there are several origins', async () => {
    const origins = await Promise.all(
      ['one', 'two'].map((name) => startHttpOrigin((_request, response) => response.end(name))),
    );
    const gateway = await spawnGateway(origins.flatMap((port) => ['--to', `http://127.0.0.1:${port}`]));
    const answers = [await ask(gateway.port), await ask(gateway.port), await ask(gateway.port)];

    const [first, second, third] = answers.map(({ body }) => body.toString());
    expect([first, second].toSorted()).toEqual(['one', 'two']);
    expect(third).toBe(first);
  });

  it.each<[NodeJS.Signals]>([['SIGTERM'], ['SIGINT']])(
    'ends with 0 on %s, also with a client connected',
    async (signal) => {
      const gateway = await spawnGateway(['--to', 'http://127.0.0.1:9', '--drain-timeout-ms', '50']);
      const client = connect(gateway.port, '127.0.0.1');
      await once(client, 'connect');
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(client, 'data');
      gateway.kill(signal);
      await once(client, 'close');

      expect(await gateway.exit()).toBe(0);
    },
  );

  it('ends with 2 and says what to do when the port is in use', async () => {
    const port = await takenPort();
    const gateway = new GatewayProcess([
      'proxy',
      '--to',
      'http://127.0.0.1:9',
      '--listen',
      `127.0.0.1:${port}`,
    ]);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stderr).toBe(
      `127.0.0.1:${port} is in use by another program. Stop that program, or listen on another port.\n`,
    );
    expect(gateway.stdout).toBe('');
  });

  it('ends with 2 too when it has started other things before', async () => {
    const port = await takenPort();
    const busy = `127.0.0.1:${port}`;
    const demo = new GatewayProcess(['--listen', busy]);
    const admin = new GatewayProcess(['--listen', '127.0.0.1:0', '--admin', busy]);

    expect(await demo.exit()).toBe(2);
    expect(await admin.exit()).toBe(2);
    expect([demo.stderr, admin.stderr]).toEqual(
      Array(2).fill(`${busy} is in use by another program. Stop that program, or listen on another port.\n`),
    );
  });

  it.each([[[]], [['--workers', '2']]])(
    'ends with 2 for one place to listen on and to be operated at: %j',
    async (args) => {
      const port = await takenPort();
      const places = ['--listen', `0.0.0.0:${port}`, '--admin', `127.0.0.1:${port}`];
      const gateway = new GatewayProcess(['proxy', '--to', 'http://127.0.0.1:9', ...places, ...args]);

      expect(await gateway.exit()).toBe(2);
      expect(gateway.stderr).toContain(
        `--listen 0.0.0.0:${port} and --admin 127.0.0.1:${port} are one place. Take another port for one of them.\n`,
      );
      expect(gateway.stderr).not.toContain('another program');
    },
  );

  it.each([
    [['proxy'], 'proxy needs an origin: --to http://127.0.0.1:9000'],
    [
      ['proxy', '--to', 'localhost:9000'],
      '--to takes a URL like http://127.0.0.1:9000; got "localhost:9000".',
    ],
    [
      ['proxy', '--to', 'ftp://a.example'],
      '--to takes a URL like http://127.0.0.1:9000; got "ftp://a.example".',
    ],
    [
      ['proxy', '--to', 'http://a/b'],
      '--to takes a scheme, a host and a port and nothing else; got "http://a/b".',
    ],
    [['proxy', '--to', 'http://a', '--listen', 'nowhere'], '--listen takes HOST:PORT or a port'],
    [['serve'], 'There is no command "serve".'],
    [['proxy', '--tp', 'http://a'], 'There is no option "--tp". Did you mean "--to"?'],
  ])('ends with 2 for %j, says why and where to look', async (args, message) => {
    const gateway = new GatewayProcess(args);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stderr).toContain(message);
    expect(gateway.stderr).toContain('--help');
  });
});

it('ends with 2 for a level of the log that there is none of', async () => {
  const gateway = new GatewayProcess(['proxy', '--to', 'http://127.0.0.1:9'], { LOG_LEVEL: 'loud' });

  expect(await gateway.exit()).toBe(2);
  expect(gateway.stderr).toMatch(/^LOG_LEVEL takes trace, debug, .*silent; got "loud"\.\n/);
});

describe('the command sluice', { timeout: 20_000 }, () => {
  it('is there for npx, and says what it can be asked for', async () => {
    const { stdout } = await run('packages/cli/bin/sluice.js', ['--help']);

    expect(stdout).toMatch(/^Usage: sluice COMMAND \[options\]\n\nCommands:\n {2}proxy /);
  });

  it('ends with 2 without a command, and names those that there are', async () => {
    const failed = await run('packages/cli/bin/sluice.js', []).catch((error: unknown) => error);

    expect(failed).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Which command\? .*proxy/) });
  });
});

describe('demo mode', { timeout: 20_000 }, () => {
  it('answers from both demo origins in turn, with what reached them', async () => {
    const gateway = new GatewayProcess(['--listen', '127.0.0.1:0']);
    await gateway.says(/try: .*\n/);
    const answers = await Promise.all([1, 2].map(() => ask(gateway.port, { path: '/hello' })));
    const echoes = answers.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);

    expect(new Set(echoes.map(({ origin }) => origin))).toEqual(new Set(['demo-1', 'demo-2']));
    expect(echoes[0]).toMatchObject({ method: 'GET', target: '/hello', host: `127.0.0.1:${gateway.port}` });
    gateway.kill('SIGTERM');
    expect(await gateway.exit()).toBe(0);
  });
});

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
