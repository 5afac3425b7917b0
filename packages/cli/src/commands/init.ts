import { createProject, nextSteps } from 'create-sluice';

/** Writes a project. Throws a ProjectError for a folder that can't take it. */
export function init(folder: string): void {
  console.log(nextSteps(folder, createProject(folder)));
}
