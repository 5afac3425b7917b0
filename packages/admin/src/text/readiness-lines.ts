import type { StatusReport } from '../seam/reports.ts';

/**
 * Whether requests may come, in a word; and behind it a configuration that was refused, which does not make what is
 * served unready.
 */
export function readinessLines({ isReady, state, lastReload }: StatusReport): string {
  const isStarting = state === 'new' || state === 'started';
  const words = [isReady ? 'ready' : isStarting ? 'starting' : state];
  if (lastReload?.isApplied === false) {
    const { at, file, messages } = lastReload;
    words.push(`The last reload was refused at ${at}: ${file}`, ...messages.map((message) => `  ${message}`));
  }
  return `${words.join('\n')}\n`;
}
