import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';

const PLUGIN = fileURLToPath(new URL('support/blocking-plugin.js', import.meta.url));
const LINE = /^\{.*The event loop was blocked.*\}$/gm;

it('tells of a filter and of a handler that block the loop, by name', { timeout: 20_000 }, async () => {
  const gateway = new GatewayProcess(['run', '--config', file(GATEWAY)], { SLUICE_BLOCKED_AFTER_MS: '100' });
  await gateway.says(/try: .*\n/);
  const admin = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);

  // The thread that looks at what runs starts a moment after the gateway.
  while (!gateway.stderr.includes('"culprit":"SlowFilter'))
    expect((await ask(gateway.port, { path: '/filter' })).status).toBe(204);
  expect((await ask(gateway.port, { path: '/handler' })).status).toBe(204);
  const [ofHandler] = await gateway.logMatches(/"culprit":"SlowHandler.*/g, 1);

  const lines = [...gateway.stderr.matchAll(LINE)].map(([line]) => JSON.parse(line) as Line);
  const ofFilter = lines.find(({ culprit }) => culprit === 'SlowFilter.apply');
  expect(ofFilter?.durationMs).toBeGreaterThanOrEqual(100);
  expect(ofFilter?.stack.slice(0, 2)).toEqual([
    expect.stringMatching(/^computeFor \(file:.*blocking-plugin\.js:\d+\)$/),
    expect.stringMatching(/^SlowFilter\.apply \(file:.*blocking-plugin\.js:\d+\)$/),
  ]);
  expect(ofHandler?.[0]).toContain('"culprit":"SlowHandler.channelRead"');
  const metrics = (await ask(admin, { path: '/metrics' })).body.toString();
  expect(metrics).toMatch(/^server_eventloop_blocked_seconds_count\{culprit="SlowFilter\.apply"\} [1-9]/m);
  gateway.kill('SIGTERM');
  expect(await gateway.exit()).toBe(0);
});

it(
  'tells of a filter that never ends, by name, before a worker is replaced for it',
  { timeout: 30_000 },
  async () => {
    const gateway = new GatewayProcess(['run', '--config', file(GATEWAY), '--workers', '2']);
    await gateway.says(/try: .*\n/);
    await ask(gateway.port);
    // The thread that looks starts with the first tick.
    await ask(gateway.port, { path: '/filter' });
    await ask(gateway.port, { path: '/filter' });
    const request = ask(gateway.port, { path: '/endless' }).catch(() => undefined);
    const [[line] = ['']] = await gateway.logMatches(/^\{.*The event loop is blocked.*\}$/gm, 1);
    await gateway.logMatches(/"signal":"SIGKILL".*Its event loop stood still/g, 1);

    expect(JSON.parse(line)).toMatchObject({ level: 50, culprit: 'SlowFilter.apply' });
    expect(await request).toBeUndefined();
    gateway.kill('SIGTERM');
    await gateway.exit();
  },
);

it.each(['19', 'x', '-1'])('takes no limit of %j', async (limit) => {
  const gateway = new GatewayProcess(['--listen', '127.0.0.1:0'], { SLUICE_BLOCKED_AFTER_MS: limit });

  expect(await gateway.exit()).toBe(2);
  expect(gateway.stderr).toContain(
    `SLUICE_BLOCKED_AFTER_MS: found "${limit}", expected milliseconds from 20 on, or 0 for off.`,
  );
});

interface Line {
  readonly durationMs: number;
  readonly culprit: string;
  readonly stack: readonly string[];
}

const GATEWAY = `listeners:
  - address: 127.0.0.1:0
    handlers: [http-server-codec, slow-handler, http-server-lifecycle, client-request-receiver, zuul-filter-chain, client-response-writer]
plugins: [${PLUGIN}]
filters: [slow-filter]
routes: [{ response: { status: 204 } }]
admin: { address: 127.0.0.1:0 }
`;

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-blocked-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'gateway.yaml'), text);
  return join(folder, 'gateway.yaml');
}
