import type { Launch } from './managed-process.ts';

/** Where the parts of a measurement run, so that none takes the time of another: what is measured alone on a CPU. */
export const MEASURED_CPU = 0;
export const OTHERS_CPU = 1;

/** The same on one CPU, by `taskset`. */
export function pinnedLaunch({ file, args, ...launch }: Launch, cpu: number): Launch {
  return { ...launch, file: 'taskset', args: ['-c', String(cpu), file, ...args] };
}
