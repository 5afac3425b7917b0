import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestWay } from '@sluice/cli';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findPeer } from '../support/process/find-program.ts';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';
import { startHttpOrigin } from './support/start-gateway.ts';

const EXAMPLE = 'examples/declared-gateway/gateway.yaml';
const curl = findPeer('curl');
// Gives what it runs a terminal.
const script = findPeer('script');

describe('run', { timeout: 20_000 }, () => {
  it('serves what the example declares, plugin and admin listener with it', async () => {
    const origin = await startHttpOrigin(({ url }, response) => response.end(`origin ${url}`));
    const gateway = new GatewayProcess(['run', '--config', EXAMPLE], {
      PORT: '0',
      INTERNAL_PORT: '0',
      ADMIN_PORT: '0',
      ORIGIN_PORT: String(origin),
    });
    await gateway.says(/(?:try: .*\n[^]*){2}/);
    const [port = 0, internal = 0] = portsOf(gateway, /listening on http:\/\/127\.0\.0\.1:(\d+)/g);
    const [admin = 0] = portsOf(gateway, /admin: +http:\/\/127\.0\.0\.1:(\d+)/g);
    const answers = await Promise.all([ask(port, { path: '/a' }), ask(internal, { path: '/b' })]);

    expect(answers.map(({ body }) => body.toString())).toEqual(['origin /a', 'origin /b']);
    expect(answers.map(({ headers }) => headers['x-powered-by'])).toEqual(['sluice', 'sluice']);
    expect((await ask(admin, { path: '/metrics' })).body.toString()).toContain('# TYPE');
    gateway.kill('SIGTERM');
    expect(await gateway.exit()).toBe(0);
  });

  it.skipIf(curl === undefined)('answers curl', async () => {
    const origin = await startHttpOrigin((_request, response) => response.end('here'));
    const gateway = new GatewayProcess([
      'run',
      '--config',
      file(`listeners: [{ address: '127.0.0.1:0' }]
origins: [{ name: web, servers: ['127.0.0.1:${origin}'] }]
routes: [{ origin: web }]`),
    ]);
    await gateway.says(/try: .*\n/);

    const answer = await curlOf(curl ?? '', `http://127.0.0.1:${gateway.port}/`);

    expect(answer).toBe('here');
  });

  it('ends with 2 for a file that is wrong, and shows all that is wrong with it at once', async () => {
    const path = file('listeners:\n  - adress: 127.0.0.1:0\nroutes: [{ prefix: a, origin: b }]\nadmn: 1');
    const gateway = new GatewayProcess(['run', '--config', path]);

    expect(await gateway.exit()).toBe(2);
    expect(gateway.stdout).toBe('');
    expect(gateway.stderr.replaceAll(path, 'gateway.yaml'))
      .toBe(`gateway.yaml:2:5 listeners[0].adress: found an unknown key, expected one of "name", "address", "tls", "proxyProtocolFrom", "handlers", "without", "handlerOptions". Did you mean "address"?
  2 |   - adress: 127.0.0.1:0
    |     ^
gateway.yaml:3:20 routes[0].prefix: found "a", expected a path that begins with "/", without a query.
  3 | routes: [{ prefix: a, origin: b }]
    |                    ^
gateway.yaml:4:1 admn: found an unknown key, expected one of "plugins", "listeners", "filters", "routes", "virtualHosts", "ambiguousPaths", "origins", "originConnections", "accessLog", "admin". Did you mean "admin"?
  4 | admn: 1
    | ^
3 errors.
`);
  });
});

describe('check', { timeout: 20_000 }, () => {
  const good = "listeners: [{ address: 'a:1' }]";
  it.each([
    [good, 0, '', ' is good.\n'],
    [`${good}\norigins: [{ name: web, servers: ['a:1'] }]`, 1, '1 warning.\n', ''],
    [`${good}\nroutes: [{ origin: web }]`, 2, '1 error.\n', ''],
    ['a: [', 2, '1 error.\n', ''],
  ])('of %j ends with %i', async (text, code, stderr, stdout) => {
    const program = new GatewayProcess(['check', '--config', file(text)]);

    expect(await program.exit()).toBe(code);
    expect(program.stderr.slice(-stderr.length || undefined)).toBe(stderr);
    expect(program.stdout).toContain(stdout);
  });

  it.skipIf(script === undefined)(
    'is in colours on a terminal alone, and where NO_COLOR is not set',
    async () => {
      const path = file('listeners: 1');
      const command = `${process.execPath} packages/cli/bin/sluice.js check --config ${path}`;
      const onTerminal = (env: NodeJS.ProcessEnv): Promise<string> =>
        outputOf(script ?? '', ['-qc', command, '/dev/null'], { ...process.env, ...env });
      const piped = new GatewayProcess(['check', '--config', path]);
      await piped.exit();

      expect(await onTerminal({ NO_COLOR: '' })).toContain('\u001b[31m');
      expect(await onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b');
      expect(piped.stderr).not.toContain('\u001b');
    },
  );

  it.each([
    [['check'], 'check needs a file: check gateway.yaml'],
    [
      ['run', '--config', 'x', '--listen', '1'],
      "--listen can't stand beside --config; write it into the file.",
    ],
    [['proxy', '--config', 'x'], '--config is no option of proxy, but of run, check, explain.'],
    [['check', '--config', '/nowhere.yaml'], 'can\'t read "/nowhere.yaml": there is no such file'],
  ])('of %j ends with 2 and says why', async (args, message) => {
    const program = new GatewayProcess(args);

    expect(await program.exit()).toBe(2);
    expect(program.stderr).toContain(message);
  });
});

describe('explain', { timeout: 20_000 }, () => {
  it('prints the configuration with its defaults, and the lists that it makes', async () => {
    const program = new GatewayProcess(['explain', '--config', EXAMPLE]);

    expect(await program.exit()).toBe(0);
    expect(program.stdout).toContain('connectTimeoutMs: 2000\n');
    expect(program.stdout).toContain('listener public, 127.0.0.1:8080, head first:\n  1  idle-state');
    expect(program.stdout).toContain('allIdleMs=300000');
    expect(program.stdout).toContain('\nconnections to origins, head first:\n');
  });

  it('prints the lists as JSON', async () => {
    const program = new GatewayProcess(['explain', '--config', EXAMPLE, '--json']);

    expect(await program.exit()).toBe(0);
    expect(JSON.parse(program.stdout)).toMatchObject([
      { title: 'listener public, 127.0.0.1:8080' },
      { title: 'listener internal, 127.0.0.1:8081', handlers: { length: 8 } },
      { title: 'connections to origins' },
    ]);
  });
});

describe('explain with a request', { timeout: 20_000 }, () => {
  it.each([
    ['GET', 'api.example', '/old'],
    ['GET', 'api.example', '/v1/%2e%2e/x'],
    ['PUT', 'api.example', '/v1/x'],
    ['GET', 'other.example', '/internal/x'],
    ['get', 'other.example', '/'],
  ])('names the answer that %s %s%s gets', async (method, host, path) => {
    const args = ['explain', '--config', EXAMPLE, '--json', '-X', method, `http://${host}${path}`];
    const explained = new GatewayProcess(args);
    const gateway = await runExample();
    const reply = await rawReply(gateway.port, `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);

    expect(await explained.exit()).toBe(0);
    const { answer } = JSON.parse(explained.stdout) as RequestWay;
    expect(reply).toContain(`HTTP/1.1 ${answer?.status} `);
    if (answer?.location !== undefined) expect(reply).toContain(`location: ${answer.location}\r\n`);
  });

  it('names what the origin gets', async () => {
    const origin = await startHttpOrigin(({ method, url }, response) => response.end(`${method} ${url}`));
    const args = ['explain', '--config', EXAMPLE, '-H', 'Host: api.example', 'http://127.0.0.1:8080/v1/x?q'];
    const explained = new GatewayProcess(args);
    const gateway = await runExample(origin);
    const reply = await ask(gateway.port, { path: '/v1/x?q', headers: { host: 'api.example' } });

    expect(await explained.exit()).toBe(0);
    expect(explained.stdout).toContain(`sends         ${reply.body.toString()}\n`);
  });

  it('knows the gateway of quick mode too', async () => {
    const program = new GatewayProcess(['explain', '--to', 'http://127.0.0.1:9000', 'localhost:8080/a']);

    expect(await program.exit()).toBe(0);
    expect(program.stdout).toContain('listener      http://127.0.0.1:8080\n');
    expect(program.stdout).toContain('origin        default: round-robin over 127.0.0.1:9000\n');
  });

  it.each([
    [['explain', 'http://a/'], 'Through which gateway? Give --config FILE, or --to URL.'],
    [['explain', 'gateway.yaml'], 'if it is the file: --config gateway.yaml'],
    [['explain', '--config', EXAMPLE, 'ftp://a/'], 'A request has a URL like'],
    [['explain', '--config', EXAMPLE, '--mermaid', 'http://a/'], '--mermaid draws handler lists'],
  ])('of %j ends with 2 and says why', async (args, message) => {
    const program = new GatewayProcess(args);

    expect(await program.exit()).toBe(2);
    expect(program.stderr).toContain(message);
    expect(program.stdout).toBe('');
  });
});

async function runExample(originPort = 9): Promise<GatewayProcess> {
  const ports = { PORT: '0', INTERNAL_PORT: '0', ADMIN_PORT: '0', ORIGIN_PORT: String(originPort) };
  const gateway = new GatewayProcess(['run', '--config', EXAMPLE], ports);
  await gateway.says(/try: .*\n/);
  return gateway;
}

async function rawReply(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(request);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'gateway.yaml'), text);
  return join(folder, 'gateway.yaml');
}

function portsOf({ stdout }: GatewayProcess, pattern: RegExp): readonly number[] {
  return [...stdout.matchAll(pattern)].map(([, port]) => Number(port));
}

function curlOf(program: string, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, ['-s', url], (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}

/** Whatever it ends with. */
function outputOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { env }, (_error, stdout) => resolve(stdout));
  });
}
