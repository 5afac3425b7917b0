import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Peer, PeerSetting } from './peer.ts';

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
