import { lstatSync, unlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { connect } from 'node:net';

/**
 * Removes the file of a Unix socket whose program has ended without doing so, as one that was killed:
 * with it nobody could listen there again. `done` is called at once where there is no such file, and
 * without an error in any case: what stays there is for `listen` to tell.
 */
export function removeStaleSocket(path: string, done: () => void): void {
  const found = socketAt(path);
  if (found === undefined) {
    done();
    return;
  }
  const probe = connect({ path });
  probe.on('connect', () => {
    probe.destroy();
    done();
  });
  probe.on('error', ({ code }: NodeJS.ErrnoException) => {
    // Other codes leave open whether somebody listens: EAGAIN is one who is busy.
    if (code === 'ECONNREFUSED') unlink(path, found);
    done();
  });
}

/** Unless another one, as a second worker, has put its own socket there meanwhile. */
function unlink(path: string, found: BigIntStats): void {
  const now = socketAt(path);
  // The file system may give the number of the old file to the new one.
  if (now === undefined || now.ino !== found.ino || now.ctimeNs !== found.ctimeNs) return;
  try {
    unlinkSync(path);
  } catch {
    // This user may not; listening fails with the reason.
  }
}

function socketAt(path: string): BigIntStats | undefined {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stats?.isSocket() === true ? stats : undefined;
  } catch {
    // A name without a file, or a folder that this user may not read.
    return undefined;
  }
}
