import { parseArgs } from 'node:util';
import { createProject } from './create-project.ts';
import { nextSteps } from './next-steps.ts';
import { ProjectError } from './project-error.ts';

const USAGE = `Usage: npm create sluice FOLDER

Writes a gateway project into FOLDER: a handler and a filter of its own, tests, a Dockerfile and a systemd unit.

Options:
  --help    this text

Exit codes: 0 done, 2 the arguments or the folder can't be used.
`;

const EXIT_USAGE = 2;

function run(args: readonly string[]): void {
  const { values, positionals } = parse(args);
  if (values.help) return console.log(USAGE);
  const [folder, ...rest] = positionals;
  if (folder === undefined) throw new ProjectError('Where to? Name a folder: npm create sluice my-gateway');
  if (rest.length > 0) throw new ProjectError(`Unexpected argument: ${rest.join(' ')}`);
  console.log(nextSteps(folder, createProject(folder)));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h', default: false } },
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
