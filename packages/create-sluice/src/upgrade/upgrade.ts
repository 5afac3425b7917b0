import { ProjectError } from '../project-error.ts';
import { gitChanges } from './git-changes.ts';
import { showUpgrade } from './show-upgrade.ts';
import { applyUpgrade, planUpgrade } from './upgrade-project.ts';

const SHOWN = 5;

/** How an upgrade is done. */
export interface UpgradeOptions {
  /** Shows what would change, and writes nothing. */
  readonly dryRun: boolean;
  /** Writes even when git could not bring back what was there. */
  readonly force: boolean;
}

/**
 * Brings a project to the release of this package, and returns what to tell the person. Throws a {@link ProjectError} when the
 * folder has no project, or changes that are not committed.
 */
export function upgrade(folder: string, { dryRun, force }: UpgradeOptions): string {
  const plan = planUpgrade(folder);
  const uncommitted = dryRun || force ? [] : gitChanges(folder);
  if (uncommitted.length > 0) throw new ProjectError(whyNot(uncommitted));
  if (plan.changes.length === 0) return showUpgrade(plan);
  if (!dryRun) applyUpgrade(folder, plan);
  const end = dryRun
    ? 'Nothing was written: --dry-run.'
    : `Wrote ${plan.changes.length} files. Now: npm install && npm test`;
  return `${showUpgrade(plan)}\n\n${end}`;
}

function whyNot(uncommitted: readonly string[]): string {
  const more = uncommitted.length > SHOWN ? ['…'] : [];
  return [
    'These changes are not committed, so that git could not undo the upgrade:',
    ...[...uncommitted.slice(0, SHOWN), ...more].map((line) => `  ${line}`),
    'Commit them, look with --dry-run, or upgrade with --force.',
  ].join('\n');
}
