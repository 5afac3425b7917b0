import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';

const PLUGIN = fileURLToPath(new URL('support/careless-plugin.js', import.meta.url));

/** What is asked for, the status for it, and how often an error reaches nobody. */
const MISTAKES: readonly (readonly [string, number, number])[] = [
  ['/throw', 500, 0],
  ['/reject', 500, 0],
  ['/timer', 204, 1],
  ['/immediate', 204, 1],
  ['/microtask', 204, 1],
  ['/next-tick', 204, 1],
  ['/promise', 204, 1],
  ['/later', 204, 1],
  ['/abort', 500, 1],
  ['/async-handler', 204, 0],
  ['/handler-timer', 204, 1],
];

it('takes no error of a plugin for its own end', { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-careless-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, GATEWAY);
  const gateway = new GatewayProcess(['run', '--config', path]);
  await gateway.says(/try: .*\n/);
  const admin = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);

  let lost = 0;
  for (const [target, status, count] of MISTAKES) {
    expect((await ask(gateway.port, { path: target })).status, target).toBe(status);
    lost += count;
    await gateway.logMatches(/An error that nobody handled/g, lost);
    expect((await ask(gateway.port, { path: '/next' })).status, `after ${target}`).toBe(204);
  }
  const metrics = (await ask(admin, { path: '/metrics' })).body.toString();
  expect(metrics).toContain('process_unhandled_errors_total{origin="uncaughtException"} 6');
  expect(metrics).toContain('process_unhandled_errors_total{origin="unhandledRejection"} 2');
  gateway.kill('SIGTERM');
  expect(await gateway.exit()).toBe(0);
});

const GATEWAY = `listeners:
  - address: 127.0.0.1:0
    handlers: [http-server-codec, careless-handler, http-server-lifecycle, client-request-receiver, zuul-filter-chain, client-response-writer]
plugins: [${PLUGIN}]
filters: [careless-filter]
routes: [{ response: { status: 204 } }]
admin: { address: 127.0.0.1:0 }
`;
