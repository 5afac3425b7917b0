import { mkdirSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessSet } from '../../support/process/process-set.ts';

/** Exact versions, so that two runs compare with the same peers; each is the newest that runs on Node 20. */
export const NPM_PACKAGES = {
  '@fastify/http-proxy': '11.6.3',
  fastify: '5.12.8',
  'http-proxy': '1.18.1',
  'http-proxy-3': '1.23.3',
  undici: '7.30.2',
} as const;

export type NpmPackage = keyof typeof NPM_PACKAGES;

const CACHE = fileURLToPath(new URL('../.peers/', import.meta.url));
const MANIFEST = join(CACHE, 'package.json');
/** npm writes it last, so that an install that was cut short is done again. */
const INSTALLED = join(CACHE, 'node_modules/.package-lock.json');

/** Whether the packages are in the bench's own cache, in these versions. */
export function npmPackagesInstalled(): boolean {
  return existsSync(INSTALLED) && readFileSync(MANIFEST, 'utf8') === manifest();
}

/** Installs the packages into the cache, outside of every workspace; rejects when npm cannot. */
export async function installNpmPackages(processes: ProcessSet, logFile: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(MANIFEST, manifest());
  const args = [
    'install',
    '--prefix',
    CACHE,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npm = processes.start({ name: 'npm install', file: 'npm', args, logFile, cwd: CACHE });
  const outcome = await npm.outcome();
  if (outcome !== 'exited with 0') throw npm.endedError();
}

function manifest(): string {
  return `${JSON.stringify({ private: true, dependencies: NPM_PACKAGES }, undefined, 2)}\n`;
}
