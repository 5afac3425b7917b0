import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Lowest first. A package imports only from rows below its own. */
const LAYERS = [
  ['core'],
  ['inject', 'passport', 'load-balancing', 'discovery', 'workers', 'event-loop-watch'],
  ['codec-http', 'handler-idle-state', 'handler-connection', 'handler-tls'],
  ['handler-proxy-protocol', 'handler-http'],
  ['handler-passport', 'handler-metrics', 'handler-access-log'],
  ['filters'],
  ['config', 'origin'],
  ['router'],
  ['builtin-filters'],
  ['gateway'],
  ['testing', 'admin'],
  ['create-sluice'],
  ['cli'],
] as const;

/** What only these may import, from outside the repository. */
const RESERVED = new Map<string, readonly string[]>([
  [
    'inversify',
    [
      'inject',
      'codec-http',
      'handler-',
      'filters',
      'origin',
      'router',
      'builtin-filters',
      'gateway',
      'testing',
      'admin',
      'cli',
    ],
  ],
  ['reflect-metadata', ['inject', 'filters', 'builtin-filters', 'gateway', 'cli']],
  ['rxjs', ['config', 'discovery', 'origin', 'admin']],
  ['yaml', ['config']],
  ['pino', ['cli']],
]);

const IMPORT = /^(?:import|export)\s[^;]*?from '(?<from>[^']+)';|^import '(?<bare>[^']+)';/gms;

// Not createRequire, which looks for packages.
const BESIDE = /new URL\([^;]*?import\.meta\.url/;

interface Import {
  readonly where: string;
  readonly from: string;
  readonly isType: boolean;
}

it('has every package in a layer', async () => {
  expect((await readdir('packages')).toSorted()).toEqual(LAYERS.flat().toSorted());
});

it.each(LAYERS.flatMap((layer, level) => layer.map((name) => [name, level] as const)))(
  '%s imports only from below, and only what it declares',
  async (name, level) => {
    const below = LAYERS.slice(0, level)
      .flat()
      .map((other) => `@sluice/${other}`);
    const declared = Object.keys(manifestOf(name).dependencies ?? {});

    const imports = await importsOf(name);

    expect(imports).not.toHaveLength(0);
    for (const { where, from } of imports.filter(({ from }) => from.startsWith('@sluice/'))) {
      expect(below, where).toContain(packageOf(from));
      expect(declared, where).toContain(packageOf(from));
    }
  },
);

it.each(LAYERS.flat())('%s imports from outside only what it may and what it declares', async (name) => {
  const { dependencies, peerDependencies } = manifestOf(name);
  const declared = Object.keys({ ...dependencies, ...peerDependencies });

  for (const { where, from } of await importsOf(name)) {
    if (from.startsWith('.') || from.startsWith('@sluice/') || from.startsWith('node:')) continue;
    const module = packageOf(from);
    expect(declared, where).toContain(module);
    const allowed = RESERVED.get(module);
    if (allowed)
      expect(
        allowed.some((prefix) => name.startsWith(prefix)),
        where,
      ).toBe(true);
  }
});

it.each(LAYERS.flat())(
  '%s does nothing where it is only imported, so that bundlers may leave it out',
  (name) => {
    expect(manifestOf(name).sideEffects).toBe(false);
  },
);

it('keeps core free of everything but Node.js itself', async () => {
  const outside = (await importsOf('core')).filter(({ from }) => !/^(?:\.|node:)/.test(from));
  expect(outside).toEqual([]);
});

it('loads discovery, and rxjs with it, only where servers are to be discovered', async () => {
  const imports = await importsOf('origin');
  const lazy = imports.filter(({ from }) => from === '@sluice/discovery' || from === 'rxjs');

  expect(lazy).not.toEqual([]);
  expect(lazy.filter(({ isType }) => !isType)).toEqual([]);
});

it('looks for files of its own only from the top of src, which is as deep as what is built', async () => {
  const sources = (await Promise.all(LAYERS.flat().map(sourcesOf))).flat();
  const looking = sources.filter((file) => BESIDE.test(readFileSync(file, 'utf8')));

  expect(looking).not.toEqual([]);
  expect(looking.filter((file) => !/^packages\/[^/]+\/src\/[^/]+$/.test(file))).toEqual([]);
});

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Manifest {
  readonly sideEffects?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8')) as never;
}

async function sourcesOf(name: string): Promise<readonly string[]> {
  const entries = await readdir(join('packages', name, 'src'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function importsOf(name: string): Promise<readonly Import[]> {
  return (await sourcesOf(name)).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(({ 0: text, groups }) => {
      const from = groups?.['from'] ?? groups?.['bare'] ?? '';
      return { where: `${file} imports ${from}`, from, isType: /^(?:import|export) type /.test(text) };
    }),
  );
}
