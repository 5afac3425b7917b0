/** The way to a value: keys of maps and indices of lists. */
export type ConfigPath = readonly (string | number)[];

/** As people write it: `routes[0].prefix`; the whole is `(root)`. */
export function formatPath(path: ConfigPath): string {
  if (path.length === 0) return '(root)';
  return path.map(formatStep).join('').replace(/^\./, '');
}

const PLAIN_KEY = /^[\w-]+$/;

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return PLAIN_KEY.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
