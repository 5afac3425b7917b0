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
  /** The filters that a name stands for in a configuration, as `compression` for three. Default: each name stands for its own. */
  readonly filterNamesOf?: ((name: string) => readonly string[]) | undefined;
}

/** Changes one gateway of this process. */
export function gatewayAdminActions({
  gateway,
  logLevels,
  filterNamesOf = () => [],
  ...program
}: GatewayAdminActionParts): AdminActions {
  return {
    ...program,
    setFilterEnabled: (name, isEnabled) =>
      setFilterEnabled(gateway, [name, ...filterNamesOf(name)], isEnabled),
    ...(logLevels && { setLogLevel: (level, logger) => logLevels.set(level, logger) }),
  };
}

function setFilterEnabled(
  { filters }: Gateway,
  names: readonly string[],
  isEnabled: boolean,
): readonly FilterReport[] {
  const entries = filters.current.entries.filter(({ name }) => names.includes(name));
  if (entries.length === 0) {
    const known = filters.current.entries.map(({ name }) => name);
    throw new HttpStatusError(404, `There is no such filter. There is: ${known.join(', ')}.`);
  }
  try {
    for (const { name } of entries) {
      if (isEnabled) filters.enable(name);
      else filters.disable(name);
    }
  } catch (cause) {
    if (!(cause instanceof FilterSetError)) throw cause;
    throw new HttpStatusError(409, cause.message, { cause });
  }
  return entries.map(filterReport);
}
