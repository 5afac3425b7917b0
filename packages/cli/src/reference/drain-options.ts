import { DrainOptions } from '@sluice/gateway';

/** An operator's connections are idle, or about to be. */
export const ADMIN_DRAIN: DrainOptions = { timeoutMs: 1000, idleMs: 0 };

/** How a gateway is drained; idle clients get no longer than everyone. */
export function drainOptions(timeoutMs = new DrainOptions().timeoutMs): DrainOptions {
  return { timeoutMs, idleMs: Math.min(new DrainOptions().idleMs, timeoutMs) };
}
