import { basename, resolve } from 'node:path';
import { ProjectError } from './project-error.ts';

// What npm, Docker and systemd all take for a name.
const NAME = /^[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*$/;
const MAX_LENGTH = 100;

/** The name of a project, from its folder. Throws a {@link ProjectError} for a folder whose name can't be one. */
export function projectNameOf(folder: string): string {
  const name = basename(resolve(folder));
  if (NAME.test(name) && name.length <= MAX_LENGTH) return name;
  const near = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-\d]+|-$/g, '');
  const hint = near === '' ? 'my-gateway' : near.slice(0, MAX_LENGTH);
  throw new ProjectError(
    `"${name}" can't be the name of a package: lower-case letters, digits and single dashes. Try "${hint}".`,
  );
}
