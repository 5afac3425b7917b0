import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';

const SECRET = 's3cretvaluex';
const TOKEN = 'a-token-of-the-test-long-enough';

it.each([[[]], [['--workers', '2']]])(
  'the admin listener of a gateway with %j shows no secret, not even after a reload',
  { timeout: 30_000 },
  async (workers) => {
    const path = gatewayFile();
    const gateway = new GatewayProcess(['run', '--config', path, ...workers]);
    await gateway.says(/admin: +http/);
    const adminPort = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);
    const textOf = async (path: string, method = 'GET'): Promise<string> =>
      (await ask(adminPort, { path, method, headers: { authorization: `Bearer ${TOKEN}` } })).body.toString();
    const all = async (): Promise<readonly string[]> =>
      Promise.all(
        ['/config', '/listeners', '/clusters', '/clusters?format=json', '/status'].map((path) =>
          textOf(path),
        ),
      );

    const before = await all();
    appendFileSync(path, '  - path: { exact: /added }\n    response: { status: 200, body: "${file:sec}" }\n');
    const reloaded = await textOf('/reload', 'POST');
    const after = await all();

    expect(JSON.parse(before[0] ?? '')).toMatchObject({
      filters: [{ name: 'header-mutation', options: { request: { set: { 'x-partner': '***' } } } }],
      routes: [
        { requestHeaders: { set: { 'x-origin-verify': '***', 'x-open': 'shown' } } },
        { response: { status: 403, body: '***' } },
      ],
    });
    expect(reloaded).toContain('routes');
    expect(after[0]).toContain('/added');
    expect([before, reloaded, after, gateway.stdout, gateway.stderr].flat().join('\n')).not.toContain(SECRET);
  },
);

/** Secrets in names, in a filter, in a route and in a response. */
function gatewayFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-shown-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'sec'), `${SECRET}\n`);
  writeFileSync(join(folder, 'token'), TOKEN, { mode: 0o600 });
  writeFileSync(
    join(folder, 'gateway.yaml'),
    `\
listeners: [{ name: "edge-\${file:sec}", address: 127.0.0.1:0 }]
admin: { address: 127.0.0.1:0, tokenFile: ${join(folder, 'token')} }
origins: [{ name: "web-\${file:sec}", servers: [127.0.0.1:9] }]
filters:
  - name: header-mutation
    options: { request: { set: { x-partner: "\${file:sec}" } } }
routes:
  - prefix: /a
    origin: "web-\${file:sec}"
    requestHeaders: { set: { x-origin-verify: "\${file:sec}", x-open: shown } }
  - path: { exact: /closed }
    response: { status: 403, body: "closed \${file:sec}" }
`,
  );
  return join(folder, 'gateway.yaml');
}
