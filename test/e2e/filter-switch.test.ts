import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { GatewayProcess } from './support/spawn-gateway.ts';

const TOKEN = 'a-token-of-the-test-long-enough';
const MEMBERS = ['accept-encoding', 'streaming-compression', 'whole-compression'];

interface Switched {
  readonly name: string;
  readonly isEnabled: boolean;
}

it.each([[[]], [['--workers', '2']]])(
  'a name of the file turns off all that it stands for, and what is required stays: %j',
  { timeout: 30_000 },
  async (args) => {
    const { port, adminPort } = await compressing(args);
    const post = (target: string) =>
      ask(adminPort, { path: target, method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });
    const disabled = async (): Promise<readonly string[]> => {
      const filters = JSON.parse(
        (await ask(adminPort, { path: '/filters' })).body.toString(),
      ) as readonly Switched[];
      return filters.flatMap(({ name, isEnabled }) => (isEnabled ? [] : [name])).toSorted();
    };

    const off = await post('/filters/compression?enabled=false');
    const offNames = await disabled();
    await post('/filters/whole-compression?enabled=true');
    const someNames = await disabled();
    await post('/filters/compression?enabled=true');
    const router = await post('/filters/router?enabled=false');

    expect(off.status).toBe(200);
    expect(
      (JSON.parse(off.body.toString()) as readonly Switched[]).map(({ name }) => name).toSorted(),
    ).toEqual(MEMBERS);
    expect(offNames).toEqual(MEMBERS);
    expect(someNames).toEqual(MEMBERS.slice(0, 2));
    expect(router.status).toBe(409);
    expect(await disabled()).toEqual([]);
    expect((await ask(port)).status).toBe(200);
  },
);

async function compressing(args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-switch-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(
    path,
    `listeners: [{ address: '127.0.0.1:0' }]
admin: { address: '127.0.0.1:0' }
filters: [compression]
routes: [{ response: { status: 200, body: hi } }]`,
  );
  const gateway = new GatewayProcess(['run', '--config', path, ...args], { SLUICE_ADMIN_TOKEN: TOKEN });
  await gateway.says(/try: .*\n/);
  const adminPort = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);
  return { port: gateway.port, adminPort };
}
