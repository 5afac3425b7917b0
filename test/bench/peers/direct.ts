import { typescriptLaunch } from '../../support/process/typescript-launch.ts';
import type { Peer } from './peer.ts';

/**
 * No proxy: an origin as that of the others, which the load generator asks itself. What a proxy adds to
 * the latency is counted from it. Runs when it is named.
 */
export const direct: Peer = {
  name: 'direct',
  speaksTls: false,
  check: () => ({ version: 'no proxy' }),
  command: ({ port, directory }) =>
    typescriptLaunch(new URL('../origin/main.ts', import.meta.url), directory, [String(port)]),
};
