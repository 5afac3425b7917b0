import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let stale: string | undefined;
let isKnown = false;

/** Throws when a package is not built, or its build is older than its sources: a test of it would tell of what is gone. */
export function requireFreshBuild(): void {
  if (!isKnown) stale = findStale();
  isKnown = true;
  if (stale !== undefined)
    throw new Error(`${stale} has changed since the build: run "npm run build" first.`);
}

function findStale(): string | undefined {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => join(ROOT, parent, name)),
  );
  return folders.filter((folder) => existsSync(join(folder, 'src'))).find(isStale);
}

function isStale(folder: string): boolean {
  const dist = join(folder, 'dist');
  const builtAt = Math.min(...timesIn(dist, /\.js$/));
  return Math.max(...timesIn(join(folder, 'src'), /\.ts$/)) > builtAt;
}

function timesIn(folder: string, files: RegExp): readonly number[] {
  if (!existsSync(folder)) return [-Infinity];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => files.test(name))
    .map((name) => statSync(join(folder, name)).mtimeMs);
}
