import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer, PeerSetting } from './peer.ts';

const PLUGIN = fileURLToPath(new URL('filters/plugin.js', import.meta.url));
const MAIN = fileURLToPath(new URL('../../../apps/gateway/dist/main.js', import.meta.url));

/** The reference gateway, from its build, with its full handler list. */
export const sluice: Peer = {
  name: 'sluice',
  speaksTls: true,
  check: () => (existsSync(MAIN) ? { version: 'this tree' } : { absent: 'apps/gateway is not built' }),
  command: (setting) => ({ file: process.execPath, args: [MAIN, ...gatewayArguments(setting)] }),
};

function gatewayArguments({ port, originPort, accessLog, tls }: PeerSetting): string[] {
  const to = `http://127.0.0.1:${originPort}`;
  const listen = `127.0.0.1:${port}`;
  const certificate = tls ? ['--tls-cert', tls.certFile, '--tls-key', tls.keyFile] : [];
  const log = ['--access-log', accessLog ? 'stdout' : 'off'];
  return ['proxy', '--to', to, '--listen', listen, ...log, ...certificate];
}

/** The same in two workers: what a second core and the primary between cost and bring. */
export const sluiceTwoWorkers: Peer = {
  ...sluice,
  name: 'sluice-2-workers',
  command: (setting) => ({
    file: process.execPath,
    args: [MAIN, ...gatewayArguments(setting), '--workers', '2'],
  }),
};

const PASSING = Array.from({ length: 20 }, (_, at) => `pass-${at + 1}`);

/** The same with filters: what they cost. Run when they are named. */
export const sluiceWithFilters: readonly Peer[] = [
  withFilters('sluice-no-filter', []),
  withFilters('sluice-20-filters', PASSING),
  withFilters('sluice-async-filter', ['waiting']),
];

function withFilters(name: string, filters: readonly string[]): Peer {
  return {
    ...sluice,
    name,
    command: (setting) => {
      const file = join(setting.directory, 'gateway.json');
      writeFileSync(file, JSON.stringify(declaration(setting, filters)));
      return { file: process.execPath, args: [MAIN, 'run', '--config', file] };
    },
  };
}

function declaration({ port, originPort, accessLog, tls }: PeerSetting, filters: readonly string[]): object {
  return {
    listeners: [{ address: `127.0.0.1:${port}`, ...(tls && { tls: { certificates: [tls] } }) }],
    origins: [{ name: 'bench', servers: [`127.0.0.1:${originPort}`] }],
    routes: [{ prefix: '/', origin: 'bench' }],
    accessLog: { destination: accessLog ? 'stdout' : 'off' },
    plugins: [PLUGIN],
    filters,
  };
}
