import { relative } from 'node:path';

/** What to tell the person whose project was written: where it is, and what to do there. */
export function nextSteps(folder: string, files: readonly string[]): string {
  const isHere = relative('.', folder) === '';
  const steps = [...(isHere ? [] : [`cd ${folder}`]), 'npm install', 'npm test', 'npm start'];
  const where = isHere ? 'here' : `to ${folder}`;
  return `Wrote ${files.length} files ${where}. Now:\n\n${steps.map((step) => `  ${step}`).join('\n')}`;
}
