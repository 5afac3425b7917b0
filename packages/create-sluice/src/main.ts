import { parseArgs } from 'node:util';
import { createProject } from './create-project.ts';
import { nextSteps } from './next-steps.ts';
import { ProjectError } from './project-error.ts';
import { upgrade } from './upgrade/upgrade.ts';

const USAGE = `Usage: npm create sluice FOLDER
       npx create-sluice@latest upgrade [FOLDER] [--dry-run] [--force]

Writes a gateway project into FOLDER: a handler and a filter of its own, tests, a Dockerfile and a systemd unit.

upgrade brings the project in FOLDER (default: here) to the release of create-sluice: the versions in
package.json, and what was moved or renamed since the project's. It prints each line that it changes,
and what it leaves to you.

Options:
  --dry-run  upgrade: print what would change, and write nothing
  --force    upgrade: also a project with changes that are not committed
  --help     this text

Exit codes: 0 done, 2 the arguments or the folder can't be used; nothing was written.
`;

const EXIT_USAGE = 2;

function run(args: readonly string[]): void {
  const { values, positionals } = parse(args);
  if (values.help) return console.log(USAGE);
  const [first, ...rest] = positionals;
  const isUpgrade = first === 'upgrade';
  if (first === undefined) throw new ProjectError('Where to? Name a folder: npm create sluice my-gateway');
  if (rest.length > Number(isUpgrade))
    throw new ProjectError(`Unexpected argument: ${rest.slice(Number(isUpgrade)).join(' ')}`);
  if (isUpgrade)
    return console.log(upgrade(rest[0] ?? '.', { dryRun: values['dry-run'], force: values.force }));
  if (values['dry-run'] || values.force) throw new ProjectError('--dry-run and --force belong to upgrade.');
  console.log(nextSteps(first, createProject(first)));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        'dry-run': { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new ProjectError(cause instanceof Error ? cause.message : String(cause));
  }
}

try {
  run(process.argv.slice(2));
} catch (cause) {
  if (!(cause instanceof ProjectError)) throw cause;
  console.error(cause.message);
  process.exitCode = EXIT_USAGE;
}
