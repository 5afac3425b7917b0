export { createProject } from './create-project.ts';
export { nextSteps } from './next-steps.ts';
export { ProjectError } from './project-error.ts';
export type { Codemod, Removal } from './upgrade/codemod.ts';
export { showUpgrade } from './upgrade/show-upgrade.ts';
export { applyUpgrade, planUpgrade } from './upgrade/upgrade-project.ts';
export type { FileChange, FoundRemoval, ProjectUpgrade, UpgradeSources } from './upgrade/upgrade-project.ts';
export { upgrade } from './upgrade/upgrade.ts';
export type { UpgradeOptions } from './upgrade/upgrade.ts';
