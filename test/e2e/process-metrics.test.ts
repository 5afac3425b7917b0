import { expect, it } from 'vitest';
import { ask } from './support/http-client.ts';
import { spawnGateway } from './support/spawn-gateway.ts';

it.each([[[]], [['--workers', '2']]])(
  'figures tell of the process, and of the version: %j',
  { timeout: 30_000 },
  async (args) => {
    const gateway = await spawnGateway(['--to', 'http://127.0.0.1:9', '--admin', '127.0.0.1:0', ...args]);
    const adminPort = Number(/admin: +http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.stdout)?.[1]);

    const text = (await ask(adminPort, { path: '/metrics' })).body.toString();
    gateway.kill('SIGTERM');

    expect(text).toMatch(/^sluice_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
    for (const name of ['process_open_fds', 'process_resident_memory_bytes', 'process_cpu_seconds_total'])
      expect(valueOf(text, name)).toBeGreaterThan(0);
    expect(valueOf(text, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(Date.now() / 1000 - valueOf(text, 'process_start_time_seconds')).toBeLessThan(600);
    expect(text).not.toContain('nodejs_active_');
    expect(await gateway.exit()).toBe(0);
  },
);

function valueOf(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}
