import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

/** A CycloneDX document, as far as it matters here. */
export interface Bom {
  readonly metadata: { readonly component: object };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

const ROOT_NAME = 'sluice';
const DEVELOPMENT = 'cdx:npm:package:development';

/** All that npm knows of, but for what development alone needs: `npm sbom --omit dev` leaves out what both need, too. */
export function runtimeBom(all: Bom): Bom {
  const components = all.components.filter(({ properties = [] }) => !properties.some(isDevelopment));
  const kept = new Set(components.map((component) => component['bom-ref']));
  const root = all.dependencies[0]?.ref;
  const dependencies = all.dependencies
    .filter(({ ref }) => ref === root || kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  // npm takes the name of the folder.
  const component = { ...all.metadata.component, name: ROOT_NAME };
  return { ...all, metadata: { ...all.metadata, component }, components, dependencies };
}

/** Asks npm, which reads the lock file and what is installed; no registry. Throws with its words when it can't. */
export function readBom(): Bom {
  const { stdout, stderr } = spawnSync('npm', ['sbom', '--offline', '--sbom-format', 'cyclonedx'], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 2 ** 26,
  });
  if (!stdout.startsWith('{')) throw new Error(`npm printed no list of components: ${stderr}`);
  return runtimeBom(JSON.parse(stdout) as Bom);
}

function isDevelopment({ name, value }: { readonly name: string; readonly value: string }): boolean {
  return name === DEVELOPMENT && value === 'true';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(JSON.stringify(readBom(), undefined, 2));
}
