import type { Logger } from '@sluice/core';
import type { Destroyable } from './filter.ts';

/** Has a filter close what it holds. One that fails is logged: nobody waits for it. */
export function destroyFilter(filter: Destroyable, name: string, logger: Logger): void {
  const failed = (cause: unknown): void =>
    logger.warn({ err: cause, filter: name }, 'A filter could not be destroyed.');
  try {
    Promise.resolve(filter.destroy?.()).catch(failed);
  } catch (cause) {
    failed(cause);
  }
}
