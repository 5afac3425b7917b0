export { createProject } from './create-project.ts';
export { ProjectError } from './project-error.ts';
