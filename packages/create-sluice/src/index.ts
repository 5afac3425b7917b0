export { createProject } from './create-project.ts';
export { nextSteps } from './next-steps.ts';
export { ProjectError } from './project-error.ts';
