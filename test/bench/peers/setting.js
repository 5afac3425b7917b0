import { createRequire } from 'node:module';

/** What every server of this folder is told: its port, the origin, and whether to write an access log. */
const [port, originPort, accessLog] = process.argv.slice(2);

export const setting = {
  port: Number(port),
  origin: `http://127.0.0.1:${originPort}`,
  accessLog: accessLog === 'on',
};

/** Connections to the origin that a pool keeps: the most that the bench has in flight. */
export const POOL_SIZE = 256;

/** Loads a package from the cache of the bench, which is on no path where Node would look for it. */
export const load = createRequire(new URL('../.peers/package.json', import.meta.url));

// A server must not outlive a bench that was killed.
process.once('disconnect', () => process.exit());
