import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseCommandLine } from '../src/command-line/command-line.ts';
import { explainConfig } from '../src/explain/explain-config.ts';
import { explainRequest } from '../src/explain/explain-request.ts';

const SECRET = 's3cretvaluex';

it.each(['text', 'json'] as const)('hides secrets in the way of a request, as %s', async (format) => {
  const explained = async (path: string): Promise<string> => {
    const commandLine = parseCommandLine(['explain', '--config', gatewayFile(), `http://x${path}`]);
    if (commandLine.request === undefined) throw new TypeError('No request was asked for.');
    return explainRequest({ ...commandLine, format }, commandLine.request);
  };

  const [sent, redirected] = [await explained('/a'), await explained('/old')];

  expect(sent).toContain('x-origin-verify');
  expect(sent).toContain('x-signed');
  expect(sent).toContain('***');
  expect(sent).not.toContain(SECRET);
  expect(redirected).toContain('308');
  expect(redirected).not.toContain(SECRET);
});

it.each(['text', 'json'] as const)('hides secrets in the options of handlers, as %s', async (format) => {
  const explained = await explainConfig(gatewayFile(), format);

  expect(explained).toContain('***');
  expect(explained).not.toContain(SECRET);
  expect(explained).not.toContain('197');
});

/** Secrets in a route, in a redirect and in options of handlers. */
function gatewayFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-explained-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'sec'), `${SECRET}\n`);
  writeFileSync(join(folder, 'number'), '197\n');
  writeFileSync(
    join(folder, 'gateway.yaml'),
    `\
listeners:
  - name: edge-\${file:sec}
    address: 127.0.0.1:0
    handlerOptions: { http-server-codec: { maxFields: "\${file:number}" } }
origins: [{ name: web, servers: ["a:1"] }]
routes:
  - path: { exact: /old }
    redirect: { path: "/\${file:sec}", status: 308 }
  - origin: web
    requestHeaders:
      set: { x-origin-verify: "\${file:sec}", x-signed: "v1,\${file:sec}" }
`,
  );
  return join(folder, 'gateway.yaml');
}
