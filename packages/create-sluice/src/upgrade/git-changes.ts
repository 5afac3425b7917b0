import { execFileSync } from 'node:child_process';

/** The files of a folder that git has not committed. None outside of a repository, or without git. */
export function gitChanges(folder: string): readonly string[] {
  try {
    const status = execFileSync('git', ['-C', folder, 'status', '--porcelain', '--', '.'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return status.split('\n').filter((line) => line !== '');
  } catch {
    return [];
  }
}
