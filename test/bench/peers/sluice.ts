import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Peer, PeerSetting } from './peer.ts';

const MAIN = fileURLToPath(new URL('../../../apps/gateway/dist/main.js', import.meta.url));

/** The reference gateway, from its build, with its full handler list. */
export const sluice: Peer = {
  name: 'sluice',
  check: () => (existsSync(MAIN) ? { version: 'this tree' } : { absent: 'apps/gateway is not built' }),
  command: (setting) => ({ file: process.execPath, args: [MAIN, ...gatewayArguments(setting)] }),
};

function gatewayArguments({ port, originPort, accessLog }: PeerSetting): string[] {
  const to = `http://127.0.0.1:${originPort}`;
  const listen = `127.0.0.1:${port}`;
  return ['proxy', '--to', to, '--listen', listen, '--access-log', accessLog ? 'stdout' : 'off'];
}
