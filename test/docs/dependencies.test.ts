import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { globSync } from '../../tools/glob-sync.ts';
import { readBom } from '../../tools/sbom.ts';

const PAGE = readFileSync('docs/dependencies.md', 'utf8');

interface Installed {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

it('has a reason for each runtime dependency, and none for one that is gone', () => {
  const rows = [...PAGE.matchAll(/^\| `(?<name>[^`]+)` +\| [^|]+\| [^|]+\|$/gm)];

  const named = rows.map(({ groups }) => groups?.['name'] ?? '').toSorted();
  expect(named).toEqual([...chosen(), ...dependenciesIn('peerDependencies')].toSorted());
  expect(PAGE).toContain(`${chosen().length} packages that we chose`);
});

it('names what comes with them, as the lock file has it', () => {
  const [, table = ''] = PAGE.split('| With ');
  const came = [...table.matchAll(/`(?<name>[^`]+)`/g)].map(({ groups }) => groups?.['name'] ?? '');
  const named = came.filter((name) => !chosen().includes(name) && !name.includes('.'));
  const others = [...installed().keys()].filter((name) => !chosen().includes(name));

  expect(named.toSorted()).toEqual(others.toSorted());
  expect(PAGE).toContain(`and ${others.length} that come with them`);
});

it('has none that runs a script when it is installed', () => {
  expect([...installed()].filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
});

it('has all of them, and nothing that development alone needs, on the list for auditors', () => {
  const { components, dependencies } = readBom();
  const refs = new Set(components.map((component) => component['bom-ref']));
  const names = [...refs].map((ref) => ref.replace(/(?<=.)@[^@]*$/, ''));
  const others = names.filter((name) => !name.startsWith('@sluice/') && name !== 'create-sluice');

  // What a gateway uses where it is there is for auditors as well.
  const used = new Set([...installed().keys(), ...dependenciesIn('peerDependencies')]);
  expect(others.toSorted()).toEqual([...used].toSorted());
  expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
});

/** Named by a package of ours, and installed with it. */
function chosen(): readonly string[] {
  return dependenciesIn('dependencies', 'optionalDependencies');
}

function dependenciesIn(...kinds: readonly string[]): readonly string[] {
  const manifests = ['packages', 'apps'].flatMap((folder) =>
    globSync(folder, /^[^/]+\/[^/]+\/package\.json$/),
  );
  expect(manifests.length).toBeGreaterThan(20);
  const names = manifests.flatMap((file) => {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, object>>;
    return kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
  });
  return [
    ...new Set(names.filter((name) => !name.startsWith('@sluice/') && name !== 'create-sluice')),
  ].toSorted();
}

function installed(): ReadonlyMap<string, Installed> {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, Installed>>;
  };
  return new Map(
    Object.entries(packages)
      .filter(([path, { dev, devOptional, link }]) => {
        return path.startsWith('node_modules/') && !(dev || devOptional || link);
      })
      .map(([path, entry]) => [path.replace(/^node_modules\//, ''), entry]),
  );
}
