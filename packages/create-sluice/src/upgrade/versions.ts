const VERSION = /^(?<range>[~^]?)(?<version>(?<major>\d+)\.(?<minor>\d+)\.(?<patch>\d+)\S*)$/;

/** The version that a dependency asks for: `0.2.0` for `^0.2.0`. Undefined for `*`, a path, a tag and the like. */
export function versionIn(dependency: string): string | undefined {
  return VERSION.exec(dependency)?.groups?.['version'];
}

/** The dependency with another version and the same `^` or `~`. What is no version stays. */
export function withVersion(dependency: string, version: string): string {
  const range = VERSION.exec(dependency)?.groups?.['range'];
  return range === undefined ? dependency : `${range}${version}`;
}

/** Below 0 when a release came before the other one. What follows the third number does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  const { major, minor, patch } = VERSION.exec(version)?.groups ?? {};
  return [major, minor, patch].map(Number);
}
