import { FilterSetError, HttpStatusError } from '@sluice/filters';
import type { Gateway } from '@sluice/gateway';
import type { AdminActions } from '../seam/admin-actions.ts';
import type { FilterReport } from '../seam/reports.ts';
import { filterReport } from './gateway-admin-source.ts';
import type { LogLevels } from './log-levels.ts';

/** What a program lets an operator do beside the filters of its gateway. */
export interface GatewayAdminActionParts extends Pick<AdminActions, 'drain' | 'reload'> {
  readonly gateway: Gateway;
  readonly logLevels?: LogLevels | undefined;
}

/** Changes one gateway of this process. */
export function gatewayAdminActions({
  gateway,
  logLevels,
  ...program
}: GatewayAdminActionParts): AdminActions {
  return {
    ...program,
    setFilterEnabled: (name, isEnabled) => setFilterEnabled(gateway, name, isEnabled),
    ...(logLevels && { setLogLevel: (level, logger) => logLevels.set(level, logger) }),
  };
}

function setFilterEnabled({ filters }: Gateway, name: string, isEnabled: boolean): FilterReport {
  const entry = filters.current.entries.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const names = filters.current.entries.map((candidate) => candidate.name);
    throw new HttpStatusError(404, `There is no such filter. There is: ${names.join(', ')}.`);
  }
  try {
    if (isEnabled) filters.enable(name);
    else filters.disable(name);
  } catch (cause) {
    if (!(cause instanceof FilterSetError)) throw cause;
    throw new HttpStatusError(409, cause.message, { cause });
  }
  return filterReport(entry);
}
