import { spawnSync } from 'node:child_process';
import { findProgram } from '../../support/process/find-program.ts';
import type { PeerCheck } from './peer.ts';

/** Checks an installed program by asking it for its version. */
export function checkProgram(name: string): PeerCheck {
  const file = findProgram(name);
  if (file === undefined) return { absent: 'not installed' };
  const { stdout, stderr } = spawnSync(file, ['-v'], { encoding: 'utf8' });
  const version = /\d+\.\d+\.\d+/.exec(`${stdout}${stderr}`)?.[0];
  return version === undefined ? { absent: `${file} -v prints no version` } : { version };
}
